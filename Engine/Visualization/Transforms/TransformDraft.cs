using Interp.Engine.Arithmetic;
using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>What is done to one image in one step, put together transform by transform: maps of the plane are joined and sampled
/// once.</summary>
/// <param name="image">Size of the image.</param>
/// <param name="channels">Its channels.</param>
/// <param name="greyOutside">Whether grey lies outside the image, rather than its edge.</param>
/// <param name="arithmetic">What samples.</param>
internal sealed class TransformDraft((int Height, int Width) image, int channels, bool greyOutside, IImageMath arithmetic)
{
    /// <summary>The longest side of a canvas whose pixels are worked out: at this size one takes 0.8 GB.</summary>
    private const int LongestSide = 8192;

    private readonly List<IImageStage> _stages = [];
    private (int Height, int Width) _source = image;
    private Affine _map = Affine.Identity;

    /// <summary>Whether grey lies outside the image.</summary>
    internal bool GreyOutside => greyOutside;

    /// <summary>The canvas so far.</summary>
    internal (int Height, int Width) Size { get; private set; } = image;

    /// <summary>Channels of the image.</summary>
    internal int Channels => channels;

    /// <summary>The centre of the canvas so far.</summary>
    internal (double X, double Y) Centre => (Size.Width / 2.0, Size.Height / 2.0);

    /// <summary>Looks at the canvas so far from another one.</summary>
    /// <param name="toOld">From a place on the new canvas to one on the old.</param>
    /// <param name="size">Size of the new canvas.</param>
    internal void Move(Affine toOld, (int Height, int Width) size)
    {
        _map = _map.After(toOld);
        Size = size;
    }

    /// <summary>Changes the pixels of the canvas so far.</summary>
    /// <exception cref="InputException">It is too large.</exception>
    internal void Change(Func<(int Height, int Width), IImageStage> stage)
    {
        if (Math.Max(Size.Height, Size.Width) > LongestSide)
        {
            throw new InputException($"transforms: a blur or noise on {Size.Width}×{Size.Height} pixels: "
                + $"expected at most {LongestSide} a side; scale or pad less before it");
        }

        Sample(Size);
        _stages.Add(stage(Size));
    }

    /// <summary>
    /// Centres the canvas in the network's frame, enlarged where the nominal size is smaller than that; otherwise moved by whole pixels, so
    /// that what no transform has resampled stays sharp.
    /// </summary>
    internal IReadOnlyList<IImageStage> Into((int Height, int Width) frame, (int Height, int Width) nominal)
    {
        double zoom = Math.Max(1, Math.Max(frame.Height / (double)nominal.Height, frame.Width / (double)nominal.Width));
        Affine fit = zoom > 1 ? Affine.About((frame.Width / 2.0, frame.Height / 2.0), Centre, 1 / zoom, 0)
            : Affine.Shift(Math.Floor((Size.Width - frame.Width) / 2.0), Math.Floor((Size.Height - frame.Height) / 2.0));
        Move(fit, frame);
        Sample(frame);
        return _stages;
    }

    private void Sample((int Height, int Width) to)
    {
        _stages.Add(new SamplingStage(arithmetic.CreateSampler(_source, to, _map, greyOutside), Count(_source), Count(to)));
        (_source, _map) = (to, Affine.Identity);

        int Count((int Height, int Width) size) => channels * size.Height * size.Width;
    }

    private sealed class SamplingStage(IImageSampler sampler, int input, int output) : IImageStage
    {
        public int Input => input;

        public int Output => output;

        public void Forward(ReadOnlySpan<float> from, Span<float> to) => sampler.Forward(from, to);

        public void Backward(ReadOnlySpan<float> to, Span<float> from) => sampler.Backward(to, from);
    }
}

/// <summary>One thing that is done to an image <c>[C,H,W]</c>.</summary>
internal interface IImageStage
{
    /// <summary>Values that go in.</summary>
    int Input { get; }

    /// <summary>Values that come out.</summary>
    int Output { get; }

    /// <summary>Does it.</summary>
    void Forward(ReadOnlySpan<float> from, Span<float> to);

    /// <summary>Adds to the input's gradient what comes from the output's, by the transposed Jacobian.</summary>
    void Backward(ReadOnlySpan<float> to, Span<float> from);
}
