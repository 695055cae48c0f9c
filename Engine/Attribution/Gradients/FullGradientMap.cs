using Interp.Engine.Arithmetic;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>The map of <see cref="FullGradient"/> for one input, to which its layers are added one by one.</summary>
internal sealed class FullGradientMap(Shape input)
{
    /// <summary>The map so far, <c>[H,W]</c>.</summary>
    public double[] Values { get; } = new double[input[2] * input[3]];

    /// <summary>The sum of all gradient · factor so far, unscaled and signed.</summary>
    public double Total { get; private set; }

    /// <summary>Adds one layer; a layer without a map counts for <see cref="Total"/> only.</summary>
    /// <param name="gradient">The gradient at its output or at the input, <c>[K,h,w]</c> or <c>[K]</c>.</param>
    /// <param name="factor">What each value of it is multiplied by: one number for each, or one for each channel (a bias).</param>
    /// <param name="shape">The layer's shape, <c>[N,K,h,w]</c> or <c>[N,K]</c>.</param>
    public void Add(ReadOnlySpan<float> gradient, float[] factor, Shape shape)
    {
        int plane = shape.Rank == 4 ? shape[2] * shape[3] : 1, repeat = gradient.Length / factor.Length;
        (double least, double largest) = (double.PositiveInfinity, 0);
        var sums = new double[plane];
        for (int i = 0; i < gradient.Length; i++)
        {
            double term = (double)gradient[i] * factor[i / repeat];
            Total += term;
            double size = Math.Abs(term);
            (least, largest) = (Math.Min(least, size), Math.Max(largest, size));
            sums[i % plane] += size;
        }

        if (shape.Rank != 4 || !(largest > least))
        {
            return;
        }

        // Stretching is linear, so the channels are added first: Σ_k (|t_k| − least) / (largest − least).
        float[] map = Array.ConvertAll(sums, s => (float)((s - (shape[1] * least)) / (largest - least)));
        float[] enlarged = Bilinear.Resize(map, (shape[2], shape[3]), (input[2], input[3]));
        for (int i = 0; i < Values.Length; i++)
        {
            Values[i] += enlarged[i];
        }
    }
}
