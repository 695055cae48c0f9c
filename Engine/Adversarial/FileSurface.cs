using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Adversarial;

/// <summary>
/// The pixels of the file itself, at its own size: the network sees them through its own preparation, grey, resizing and cropping, so the
/// saved image deceives it as any file would. Of whole levels that is the preparation, bit for bit; of others it is the linear map A behind
/// it without the roundings to 8 bits. The gradient is that of A, Aᵀ·g: roundings and clamping are passed straight through. Always three
/// colours; a network that sees grey sees their luma. What the crop leaves out is not changed.
/// </summary>
public sealed class FileSurface : Surface
{
    private readonly PreparedWindow _window;
    private readonly RgbImage _part;
    private readonly float[] _plane, _seen;

    /// <param name="network">The network.</param>
    /// <param name="file">The image as it is in the file.</param>
    /// <exception cref="Common.InputException">The network takes neither RGB nor grey.</exception>
    public FileSurface(Network network, RgbImage file)
        : this(network, file, new PreparedWindow(file.Width, file.Height, network.Preprocessing))
    {
    }

    private FileSurface(Network network, RgbImage file, PreparedWindow window) : base(network, file, 3, window.Part)
    {
        _window = window;
        int plane = Window.Width * Window.Height;
        _part = new RgbImage(Window.Width, Window.Height, new byte[3 * plane]);
        _plane = network.Preprocessing.Channels == 1 ? new float[plane] : [];
        _seen = new float[Seen.Height * Seen.Width];
    }

    /// <inheritdoc/>
    public override string Name => "file";

    /// <inheritdoc/>
    public override (int Height, int Width) Seen => (Network.Preprocessing.Height, Network.Preprocessing.Width);

    /// <inheritdoc/>
    public override void ToNetwork(ReadOnlySpan<float> levels, Span<float> tensor)
    {
        Preprocessing units = Network.Preprocessing;
        if (AreWhole(levels))
        {
            Write(levels, _part.Pixels, _part.Width);
            Normalization.ToTensor(_window.Bytes(Luma.Seen(_part, units.Channels)), units).CopyTo(tensor);
            return;
        }

        for (int c = 0; c < units.Channels; c++)
        {
            _window.Apply(units.Channels == 1 ? Grey(levels) : Plane(levels, PlaneOf(c)), _seen);
            for (int i = 0; i < _seen.Length; i++)
            {
                _seen[i] = Math.Clamp(_seen[i], 0, 255);
            }

            Normalization.Channel(_seen, c, units, tensor.Slice(c * _seen.Length, _seen.Length));
        }
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<float> tensorGradient, Span<float> gradient)
    {
        Preprocessing units = Network.Preprocessing;
        int plane = gradient.Length / 3;
        for (int c = 0; c < units.Channels; c++)
        {
            Normalization.ChannelGradient(tensorGradient.Slice(c * _seen.Length, _seen.Length), c, units, _seen);
            _window.Transpose(_seen, units.Channels == 1 ? _plane : gradient.Slice(PlaneOf(c) * plane, plane));
        }

        for (int i = 0; units.Channels == 1 && i < gradient.Length; i++)
        {
            gradient[i] = (float)(_plane[i % plane] * Luma.Shares[i / plane]);
        }
    }

    /// <inheritdoc/>
    public override float[] ReadBack(RgbImage saved) => NetworkInput.Prepare(saved, Network).Tensor;

    private static ReadOnlySpan<float> Plane(ReadOnlySpan<float> levels, int c) => levels.Slice(c * (levels.Length / 3), levels.Length / 3);

    private float[] Grey(ReadOnlySpan<float> levels)
    {
        for (int i = 0; i < _plane.Length; i++)
        {
            double sum = 0;
            for (int c = 0; c < 3; c++)
            {
                sum += Luma.Shares[c] * levels[(c * _plane.Length) + i];
            }

            _plane[i] = (float)sum;
        }

        return _plane;
    }

    private static bool AreWhole(ReadOnlySpan<float> levels)
    {
        foreach (float v in levels)
        {
            if (v != MathF.Floor(v) || v is not (>= 0 and <= 255))
            {
                return false;
            }
        }

        return true;
    }
}
