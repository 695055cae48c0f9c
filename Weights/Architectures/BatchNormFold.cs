using Interp.Engine.Common;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Architectures;

/// <summary>
/// A batch normalisation in evaluation mode, y = γ·(x − μ)/√(σ² + ε) + β per channel, merged into the convolution before it in float64:
/// w' = w·s and b' = (b − μ)·s + β with s = γ/√(σ² + ε). ε is PyTorch's default 1e-5, since state dicts do not store it.
/// </summary>
/// <param name="mean">μ, <c>[C]</c>.</param>
/// <param name="variance">σ², <c>[C]</c>.</param>
/// <param name="gamma">γ, <c>[C]</c>, or null for 1.</param>
/// <param name="beta">β, <c>[C]</c>, or null for 0.</param>
internal sealed class BatchNormFold(WeightEntry mean, WeightEntry variance, WeightEntry? gamma, WeightEntry? beta)
{
    private const double Epsilon = 1e-5;
    private (double[] Scale, double[] Mean, double[] Shift)? _loaded;

    /// <summary>The convolution's weight after folding.</summary>
    internal TensorRecipe Weight(WeightEntry weight, Shape shape) => new FoldedWeight(weight, shape, this);

    /// <summary>The convolution's bias after folding; null stands for a convolution without one.</summary>
    internal TensorRecipe Bias(string name, WeightEntry? bias, Shape shape) => new FoldedBias(name, bias, shape, this);

    private (double[] Scale, double[] Mean, double[] Shift) Load(WeightSource source)
    {
        if (_loaded is { } loaded)
        {
            return loaded;
        }

        double[] variances = Vector(source, variance);
        double[] scale = gamma is null ? [.. variances.Select(_ => 1.0)] : Vector(source, gamma);
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = variances[c] >= 0
                ? scale[c] / Math.Sqrt(variances[c] + Epsilon)
                : throw new ModelException($"tensor '{variance.Name}' holds {variances[c]} at channel {c}: a variance cannot be negative");
        }

        loaded = (scale, Vector(source, mean), beta is null ? new double[scale.Length] : Vector(source, beta));
        _loaded = loaded;
        return loaded;
    }

    private static double[] Vector(WeightSource source, WeightEntry entry)
    {
        double[] values = source.Read(entry);
        int bad = Array.FindIndex(values, v => !double.IsFinite(v));
        return bad < 0
            ? values
            : throw new ModelException($"tensor '{entry.Name}' holds {values[bad]} at element {bad}, expected finite numbers");
    }

    private sealed class FoldedWeight(WeightEntry weight, Shape shape, BatchNormFold fold) : TensorRecipe(weight.Name, shape)
    {
        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            double[] scale = fold.Load(source).Scale;
            source.Read(weight, first, into);
            long perChannel = Shape.Count / Shape[0];
            for (int i = 0; i < into.Length;)
            {
                long channel = (first + i) / perChannel;
                int end = (int)Math.Min(into.Length, (channel + 1) * perChannel - first);
                for (; i < end; i++)
                {
                    into[i] *= scale[channel];
                }
            }
        }
    }

    private sealed class FoldedBias(string name, WeightEntry? bias, Shape shape, BatchNormFold fold) : TensorRecipe(name, shape)
    {
        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            (double[] scale, double[] mean, double[] shift) = fold.Load(source);
            into.Clear();
            if (bias is not null)
            {
                source.Read(bias, first, into);
            }

            for (int i = 0; i < into.Length; i++)
            {
                long c = first + i;
                into[i] = (into[i] - mean[c]) * scale[c] + shift[c];
            }
        }
    }
}
