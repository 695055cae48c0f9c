using Interp.Engine.Arithmetic;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>So many pixels of grey all round; with it in a chain, grey lies outside the image everywhere, without it the nearest edge
/// pixel.</summary>
/// <param name="Pixels">On each side.</param>
public sealed record Pad(int Pixels) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => $"pad:{Pixels}";

    internal override void Draw(TransformDraft draft, Dice dice) => draft.Move(Affine.Shift(-Pixels, -Pixels), Nominal(draft.Size));

    internal override (int Height, int Width) Nominal((int Height, int Width) size) =>
        (size.Height + (2 * Pixels), size.Width + (2 * Pixels));
}

/// <summary>Cuts away so many rows and columns, at random from one side or the other: lucid's jitter.</summary>
/// <param name="Pixels">Rows and columns that are lost.</param>
public sealed record Jitter(int Pixels) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => $"jitter:{Pixels}";

    internal override void Draw(TransformDraft draft, Dice dice)
    {
        int x = dice.Whole(Pixels);
        draft.Move(Affine.Shift(x, dice.Whole(Pixels)), Nominal(draft.Size));
    }

    internal override (int Height, int Width) Nominal((int Height, int Width) size) =>
        (Math.Max(1, size.Height - Pixels), Math.Max(1, size.Width - Pixels));
}

/// <summary>A square cut out at a random place, which then fills the network's frame.</summary>
/// <param name="Side">Its side; a smaller canvas stays whole.</param>
public sealed record Crop(int Side) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => $"crop:{Side}";

    internal override void Draw(TransformDraft draft, Dice dice)
    {
        (int height, int width) = Nominal(draft.Size);
        int x = dice.Whole(draft.Size.Width - width);
        draft.Move(Affine.Shift(x, dice.Whole(draft.Size.Height - height)), (height, width));
    }

    internal override (int Height, int Width) Nominal((int Height, int Width) size) =>
        (Math.Min(Side, size.Height), Math.Min(Side, size.Width));
}

/// <summary>Larger or smaller by a random factor.</summary>
/// <param name="Factor">What it is drawn from.</param>
public sealed record Scale(Spread Factor) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => $"scale:{Factor}";

    internal override void Draw(TransformDraft draft, Dice dice)
    {
        double scale = Factor.Draw(dice);
        (int Height, int Width) size = (
            Math.Max(1, (int)Math.Round(draft.Size.Height * scale)), Math.Max(1, (int)Math.Round(draft.Size.Width * scale)));
        draft.Move(Affine.About((size.Width / 2.0, size.Height / 2.0), draft.Centre, 1 / scale, 0), size);
    }
}

/// <summary>Turned about the centre by a random angle.</summary>
/// <param name="Degrees">What it is drawn from.</param>
public sealed record Rotate(Spread Degrees) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => $"rotate:{Degrees}";

    internal override void Draw(TransformDraft draft, Dice dice) =>
        draft.Move(Affine.About(draft.Centre, draft.Centre, 1, Degrees.Draw(dice) * Math.PI / 180), draft.Size);
}

/// <summary>Left and right exchanged, every second time.</summary>
public sealed record Flip : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => "flip";

    internal override void Draw(TransformDraft draft, Dice dice)
    {
        if (dice.Uniform() < 0.5)
        {
            draft.Move(new Affine(-1, 0, draft.Size.Width, 0, 1, 0), draft.Size);
        }
    }
}
