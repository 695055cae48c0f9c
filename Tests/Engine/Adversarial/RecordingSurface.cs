using Interp.Engine.Adversarial;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>A surface that keeps every image that the network was shown.</summary>
internal sealed class RecordingSurface(Surface inner) : Surface(inner.Network, inner.Image, inner.Channels, inner.Window)
{
    public List<float[]> Shown { get; } = [];

    public override string Name => inner.Name;

    public override (int Height, int Width) Seen => inner.Seen;

    public override void ToNetwork(ReadOnlySpan<float> levels, Span<float> tensor)
    {
        Shown.Add(levels.ToArray());
        inner.ToNetwork(levels, tensor);
    }

    public override void Backward(ReadOnlySpan<float> tensorGradient, Span<float> gradient) => inner.Backward(tensorGradient, gradient);

    public override float[] ReadBack(RgbImage saved) => inner.ReadBack(saved);
}
