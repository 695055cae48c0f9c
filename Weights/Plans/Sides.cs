using Interp.Engine.Models;

namespace Interp.Weights.Plans;

/// <summary>Height and width of a network's input, or of maps, in pixels.</summary>
internal readonly record struct Sides(int Height, int Width)
{
    /// <summary>Those of a square.</summary>
    public static implicit operator Sides(int side) => new(side, side);

    /// <summary>Those of a preparation's result.</summary>
    internal static Sides Of(Preprocessing preprocessing) => new(preprocessing.Height, preprocessing.Width);

    /// <summary>The shorter of the two.</summary>
    internal int Shorter => Math.Min(Height, Width);

    /// <summary>The longer of the two.</summary>
    internal int Longer => Math.Max(Height, Width);

    /// <summary>Sides in the same proportion, the longer one given.</summary>
    internal Sides Enlarged(int longer) =>
        new((int)Math.Round(Height * (double)longer / Longer), (int)Math.Round(Width * (double)longer / Longer));

    /// <summary>Those of maps behind so many halvings, rounded down.</summary>
    internal Sides Halved(int times) => new(Height >> times, Width >> times);

    /// <summary><c>7x7</c>.</summary>
    internal string Both => $"{Height}x{Width}";

    /// <summary><c>224</c> of a square, else <c>33x30</c>, as option 'input-size' takes them.</summary>
    public override string ToString() => Height == Width ? $"{Height}" : Both;
}
