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

    internal override void Draw(TransformDraft draft, Dice dice) => draft.Change(size => new Stage(size, Sigma, draft.GreyOutside));

    /// <summary>
    /// The canvas with as much around it as the Gaussian reaches, smoothed there and cut out again. Smoothing with zeros outside is its own
    /// transpose.
    /// </summary>
    private sealed class Stage : IImageStage
    {
        private readonly (int Height, int Width) _size;
        private readonly (int Height, int Width) _wide;
        private readonly double _sigma;
        private readonly int _radius;
        private readonly BilinearSampler _surroundings;

        internal Stage((int Height, int Width) size, double sigma, bool greyOutside)
        {
            (_size, _sigma, _radius) = (size, sigma, (int)Math.Ceiling(3 * sigma));
            _wide = (size.Height + (2 * _radius), size.Width + (2 * _radius));
            _surroundings = new BilinearSampler(size, _wide, Affine.Shift(-_radius, -_radius), greyOutside);
        }

        public int Input => Canvas.Channels * _size.Height * _size.Width;

        public int Output => Input;

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            var wide = new float[Canvas.Channels * _wide.Height * _wide.Width];
            _surroundings.Forward(input, wide);
            float[] smooth = Smooth(wide);
            for (int row = 0; row < Canvas.Channels * _size.Height; row++)
            {
                smooth.AsSpan(InWide(row), _size.Width).CopyTo(output[(row * _size.Width)..]);
            }
        }

        public void Backward(ReadOnlySpan<float> output, Span<float> input)
        {
            var wide = new float[Canvas.Channels * _wide.Height * _wide.Width];
            for (int row = 0; row < Canvas.Channels * _size.Height; row++)
            {
                output.Slice(row * _size.Width, _size.Width).CopyTo(wide.AsSpan(InWide(row)));
            }

            _surroundings.Backward(Smooth(wide), input);
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
        draft.Change(size => new Stage(Canvas.Channels * size.Height * size.Width, (float)Sigma, key));
    }

    private sealed class Stage(int length, float sigma, ulong key) : IImageStage
    {
        public int Input => length;

        public int Output => length;

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            new Rng(key).Gaussians(output);
            for (int i = 0; i < input.Length; i++)
            {
                output[i] = input[i] + (sigma * output[i]);
            }
        }

        public void Backward(ReadOnlySpan<float> output, Span<float> input)
        {
            for (int i = 0; i < output.Length; i++)
            {
                input[i] += output[i];
            }
        }
    }
}
