using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>Smoothed with a Gaussian; grey lies outside.</summary>
/// <param name="Sigma">Its deviation in pixels.</param>
public sealed record Blur(double Sigma) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"blur:{Sigma}");

    internal override void Draw(TransformDraft draft, Dice dice) => draft.Change(size => new Stage(size, Sigma));

    private sealed class Stage((int Height, int Width) size, double sigma) : IPictureStage
    {
        private const float Grey = 0.5f;

        public int Input => Canvas.Channels * size.Height * size.Width;

        public int Output => Input;

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            var centred = new float[input.Length];
            for (int i = 0; i < centred.Length; i++)
            {
                centred[i] = input[i] - Grey;
            }

            float[] smooth = Smooth(centred);
            for (int i = 0; i < smooth.Length; i++)
            {
                output[i] = smooth[i] + Grey;
            }
        }

        /// <summary>The kernel is symmetric and zeros lie outside, so smoothing is its own transpose.</summary>
        public void Backward(ReadOnlySpan<float> output, Span<float> input)
        {
            float[] smooth = Smooth(output);
            for (int i = 0; i < smooth.Length; i++)
            {
                input[i] += smooth[i];
            }
        }

        private float[] Smooth(ReadOnlySpan<float> values) => GaussianBlur.Apply(values, size.Height, size.Width, sigma, (int)Math.Ceiling(3 * sigma));
    }
}

/// <summary>Independent Gaussian noise added to every value.</summary>
/// <param name="Sigma">Its deviation, where pictures are 0…1.</param>
public sealed record Noise(double Sigma) : ImageTransform
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"noise:{Sigma}");

    internal override void Draw(TransformDraft draft, Dice dice)
    {
        ulong key = dice.Key();
        draft.Change(size => new Stage(size, Sigma, key));
    }

    private sealed class Stage((int Height, int Width) size, double sigma, ulong key) : IPictureStage
    {
        public int Input => Canvas.Channels * size.Height * size.Width;

        public int Output => Input;

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            var rng = new Rng(key);
            for (int i = 0; i < input.Length; i++)
            {
                output[i] = (float)(input[i] + (sigma * rng.Gaussian((ulong)i)));
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
