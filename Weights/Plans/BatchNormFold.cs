using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>
/// A batch normalisation in evaluation mode, y = γ·(x − μ)/√(σ² + ε) + β per channel, which is y = s·x + t with s = γ/√(σ² + ε) and t = β −
/// μ·s, merged in float64 into the layer before it (w' = s·w per output, b' = (b − μ)·s + β) or into the linear layer after it (w' = w·s
/// per input, b' = b + w·t); or, where neither can take it, a layer of its own.
/// </summary>
internal sealed class BatchNormFold
{
    /// <summary>PyTorch's default.</summary>
    internal const double StandardEpsilon = 1e-5;

    private readonly int _channels;
    private readonly Func<WeightSource, (double[] Scale, double[] Mean, double[] Shift)> _load;
    private (double[] Scale, double[] Mean, double[] Shift)? _loaded;

    /// <summary>One whose statistics lie in a weight file.</summary>
    /// <param name="mean">μ, <c>[C]</c>.</param>
    /// <param name="variance">σ², <c>[C]</c>.</param>
    /// <param name="gamma">γ, <c>[C]</c>, or null for 1.</param>
    /// <param name="beta">β, <c>[C]</c>, or null for 0.</param>
    /// <param name="epsilon">ε, which state dicts do not store.</param>
    internal BatchNormFold(
        WeightEntry mean, WeightEntry variance, WeightEntry? gamma, WeightEntry? beta, double epsilon = StandardEpsilon)
    {
        _channels = (int)mean.Count;
        _load = source => Read(source, mean, variance, gamma, beta, epsilon);
    }

    /// <summary>y = s·(x − μ) + β, in numbers.</summary>
    internal BatchNormFold(double[] scale, double[] mean, double[] shift)
    {
        _channels = scale.Length;
        _load = _ => (scale, mean, shift);
    }

    /// <summary>What a network with batch norm assumes.</summary>
    internal static string Assumption(double epsilon = StandardEpsilon) => epsilon == StandardEpsilon
        ? "batch norm's epsilon is 1e-5, PyTorch's default: a state dict does not hold it"
        : string.Create(CultureInfo.InvariantCulture,
            $"batch norm's epsilon is {epsilon}, as this architecture has it: a state dict does not hold it");

    /// <summary>s as a parameter.</summary>
    internal TensorRecipe Scale(string name) => new Part(name, new Shape(_channels), this, (scale, _, _) => scale);

    /// <summary>t as a parameter.</summary>
    internal TensorRecipe Shift(string name) =>
        new Part(name, new Shape(_channels), this, (scale, mean, shift) => shift - mean * scale);

    /// <summary>The weight of the layer before, after folding.</summary>
    internal TensorRecipe Weight(TensorRecipe weight) => new OutputScaled(weight, this);

    /// <summary>The bias of the layer before, after folding.</summary>
    internal TensorRecipe Bias(TensorRecipe bias) => new OutputShifted(bias, this);

    /// <summary>The weight of the linear layer after, <c>[outputs,C]</c>, after folding.</summary>
    internal TensorRecipe NextWeight(TensorRecipe weight) => new InputScaled(weight, this);

    /// <summary>The bias of the linear layer after, whose weight before folding is given.</summary>
    internal TensorRecipe NextBias(TensorRecipe weight, TensorRecipe bias) => new InputShifted(weight, bias, this);

    private (double[] Scale, double[] Mean, double[] Shift) Load(WeightSource source) => _loaded ??= _load(source);

    private static (double[] Scale, double[] Mean, double[] Shift) Read(
        WeightSource source, WeightEntry mean, WeightEntry variance, WeightEntry? gamma, WeightEntry? beta, double epsilon)
    {
        double[] variances = Vector(source, variance);
        double[] scale = gamma is null ? [.. variances.Select(_ => 1.0)] : Vector(source, gamma);
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = variances[c] >= 0
                ? scale[c] / Math.Sqrt(variances[c] + epsilon)
                : throw new ModelException($"tensor '{variance.Name}' holds {variances[c]} at channel {c}: a variance cannot be negative; "
                    + StateDict.SaveAgain);
        }

        return (scale, Vector(source, mean), beta is null ? new double[scale.Length] : Vector(source, beta));
    }

    private static double[] Vector(WeightSource source, WeightEntry entry)
    {
        double[] values = source.Read(entry);
        int bad = Array.FindIndex(values, v => !double.IsFinite(v));
        return bad < 0
            ? values
            : throw new ModelException($"tensor '{entry.Name}' holds {values[bad]} at element {bad}, expected finite numbers; "
                + $"{StateDict.SaveAgain}");
    }

    private sealed class Part(string name, Shape shape, BatchNormFold fold, Func<double, double, double, double> of)
        : TensorRecipe(name, shape)
    {
        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            (double[] scale, double[] mean, double[] shift) = fold.Load(source);
            for (int i = 0; i < into.Length; i++)
            {
                long c = first + i;
                into[i] = of(scale[c], mean[c], shift[c]);
            }
        }
    }

    private sealed class OutputScaled(TensorRecipe weight, BatchNormFold fold) : TensorRecipe(weight.Name, weight.Shape)
    {
        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            double[] scale = fold.Load(source).Scale;
            weight.Read(source, first, into);
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

    private sealed class OutputShifted(TensorRecipe bias, BatchNormFold fold) : TensorRecipe(bias.Name, bias.Shape)
    {
        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            (double[] scale, double[] mean, double[] shift) = fold.Load(source);
            bias.Read(source, first, into);
            for (int i = 0; i < into.Length; i++)
            {
                long c = first + i;
                into[i] = (into[i] - mean[c]) * scale[c] + shift[c];
            }
        }
    }

    private sealed class InputScaled(TensorRecipe weight, BatchNormFold fold) : TensorRecipe(weight.Name, weight.Shape)
    {
        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            double[] scale = fold.Load(source).Scale;
            weight.Read(source, first, into);
            for (int i = 0; i < into.Length; i++)
            {
                into[i] *= scale[(first + i) % scale.Length];
            }
        }
    }

    private sealed class InputShifted(TensorRecipe weight, TensorRecipe bias, BatchNormFold fold) : TensorRecipe(bias.Name, bias.Shape)
    {
        internal override void Read(WeightSource source, long first, Span<double> into)
        {
            (double[] scale, double[] mean, double[] shift) = fold.Load(source);
            bias.Read(source, first, into);
            var row = new double[scale.Length];
            for (int i = 0; i < into.Length; i++)
            {
                weight.Read(source, (first + i) * row.Length, row);
                for (int c = 0; c < row.Length; c++)
                {
                    into[i] += row[c] * (shift[c] - mean[c] * scale[c]);
                }
            }
        }
    }
}
