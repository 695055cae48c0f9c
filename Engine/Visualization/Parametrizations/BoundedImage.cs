using Interp.Engine.Imaging;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// θ are the pixels themselves, held in the box 0…1 and, around a photo, in a ball: after each step they move to the ball's projection.
/// Steps mean the same in every pixel, and ε means what it says; behind a sigmoid neither would.
/// </summary>
internal sealed class BoundedImage : ImageParametrization
{
    private const float Grey = 0.5f;
    private readonly PixelBall _ball;

    /// <param name="canvas">The images' size.</param>
    /// <param name="start">What they start from.</param>
    /// <param name="photo">The ball's centre, <c>[C,H,W]</c>, the same for all images; empty for a start without one.</param>
    /// <param name="reach">How far they may go.</param>
    internal BoundedImage(Canvas canvas, Start start, float[] photo, ImageReach reach) : base(canvas)
    {
        Parameters = new float[canvas.Length];
        if (start is Start.ImageStart given)
        {
            given.Values.CopyTo(Parameters, 0);
        }
        else
        {
            (start as Start.NoiseStart)?.Fill(Parameters);
            for (int i = 0; i < Parameters.Length; i++)
            {
                Parameters[i] += Grey;
            }
        }

        _ball = (photo.Length > 0 ? reach : reach with { Radius = double.PositiveInfinity }).Around(photo);
        Hold();
    }

    /// <inheritdoc/>
    public override float[] Parameters { get; }

    /// <inheritdoc/>
    public override void Render(Span<float> images) => Parameters.CopyTo(images);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<float> images, Span<float> parameters) => images.CopyTo(parameters);

    /// <inheritdoc/>
    internal override void Hold()
    {
        for (int n = 0; n < Canvas.Count; n++)
        {
            _ball.Project(Parameters.AsSpan(n * Canvas.Image, Canvas.Image));
        }
    }
}
