using System.Globalization;
using Interp.Engine.Arithmetic;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>Smoothed with a Gaussian, cut off at three deviations; outside lies what lies outside of the chain's images.</summary>
/// <param name="Sigma">Its deviation in pixels.</param>
public sealed record Blur(double Sigma) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"blur:{Sigma}");

    internal override void Draw(TransformDraft draft, Dice dice) => draft.Change(size => new Stage(size, draft.Channels, Sigma, draft.GreyOutside));

    /// <summary>
    /// The canvas with as much around it as the Gaussian reaches, smoothed there and cut out again. Smoothing with zeros outside is its own
    /// transpose.
    /// </summary>
    private sealed class Stage : IImageStage
    {
        private readonly (int Height, int Width) _size;
        private readonly (int Height, int Width) _wide;
        private readonly int _channels;
        private readonly double _sigma;
        private readonly int _radius;
        private readonly BilinearSampler _surroundings;

        internal Stage((int Height, int Width) size, int channels, double sigma, bool greyOutside)
        {
            (_size, _channels, _sigma, _radius) = (size, channels, sigma, (int)Math.Ceiling(3 * sigma));
            _wide = (size.Height + (2 * _radius), size.Width + (2 * _radius));
            _surroundings = new BilinearSampler(size, _wide, Affine.Shift(-_radius, -_radius), greyOutside);
        }

        public int Input => _channels * _size.Height * _size.Width;

        public int Output => Input;

        public void Forward(ReadOnlySpan<float> from, Span<float> to)
        {
            var wide = new float[_channels * _wide.Height * _wide.Width];
            _surroundings.Forward(from, wide);
            float[] smooth = Smooth(wide);
            for (int row = 0; row < _channels * _size.Height; row++)
            {
                smooth.AsSpan(InWide(row), _size.Width).CopyTo(to[(row * _size.Width)..]);
            }
        }

        public void Backward(ReadOnlySpan<float> to, Span<float> from)
        {
            var wide = new float[_channels * _wide.Height * _wide.Width];
            for (int row = 0; row < _channels * _size.Height; row++)
            {
                to.Slice(row * _size.Width, _size.Width).CopyTo(wide.AsSpan(InWide(row)));
            }

            _surroundings.Backward(Smooth(wide), from);
        }

        /// <summary>Where a row of the canvas, counted through all planes, starts.</summary>
        private int InWide(int row) => (((row / _size.Height * _wide.Height) + _radius + (row % _size.Height)) * _wide.Width) + _radius;

        private float[] Smooth(ReadOnlySpan<float> wide) => GaussianBlur.Apply(wide, _wide.Height, _wide.Width, _sigma, _radius);
    }
}

/// <summary>Independent Gaussian noise added to every value.</summary>
/// <param name="Sigma">Its deviation, where images are 0…1.</param>
public sealed record Noise(double Sigma) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"noise:{Sigma}");

    internal override void Draw(TransformDraft draft, Dice dice)
    {
        ulong key = dice.Key();
        draft.Change(size => new Stage(draft.Channels * size.Height * size.Width, (float)Sigma, key));
    }

    private sealed class Stage(int length, float sigma, ulong key) : IImageStage
    {
        public int Input => length;

        public int Output => length;

        public void Forward(ReadOnlySpan<float> from, Span<float> to)
        {
            new Rng(key).Gaussians(to);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = from[i] + (sigma * to[i]);
            }
        }

        public void Backward(ReadOnlySpan<float> to, Span<float> from)
        {
            for (int i = 0; i < to.Length; i++)
            {
                from[i] += to[i];
            }
        }
    }
}
