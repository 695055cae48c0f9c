using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Weights.Checkpoints;

/// <summary>
/// Puts weights together that PyTorch stores in parts: weight norm, w = g·v/‖v‖ (<c>weight_g</c> and <c>weight_v</c>, or
/// <c>parametrizations.weight.original0</c> and <c>original1</c>), and pruning, w = w₀·mask (<c>weight_orig</c> and <c>weight_mask</c>,
/// also of biases).
/// </summary>
internal static class Reparametrization
{
    private static readonly string[] Unknown = ["weight_u", "parametrizations.weight.original", "parametrizations.weight.0._u"];

    /// <summary>The tensors with the parts replaced by what they make; says which.</summary>
    /// <exception cref="ModelException">The parts do not fit each other, or are of a kind that is not known.</exception>
    internal static List<SourceTensor> Merge(List<SourceTensor> tensors, Action<string> assume)
    {
        var byName = new Dictionary<string, SourceTensor>(StringComparer.Ordinal);
        tensors.ForEach(t => byName.TryAdd(t.Name, t));
        var made = new Dictionary<string, SourceTensor>(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string first, string second, string whole, Func<WeightEntry, SourceTensor, SourceTensor, SourceTensor> make) in Kinds())
        {
            int before = made.Count;
            foreach (SourceTensor a in tensors.Where(t => NameParts.EndsWith(t.Name, first)))
            {
                string stem = a.Name[..^first.Length];
                if (byName.TryGetValue(stem + second, out SourceTensor? b) && !byName.ContainsKey(stem + whole))
                {
                    string type = a.Entry.IsReal ? b.Entry.Type : a.Entry.Type;
                    made[a.Name] = make(new WeightEntry(stem + whole, type, b.Entry.Shape), a, b);
                    used.Add(b.Name);
                }
            }

            if (made.Count > before)
            {
                assume($"{made.Count - before} tensors '{whole}' are computed from '{first}' and '{second}'");
            }
        }

        foreach (SourceTensor odd in tensors.Where(t => Unknown.Any(u => NameParts.EndsWith(t.Name, u))))
        {
            throw new ModelException($"tensor '{Text.OneLine(odd.Name)}' is part of a parametrization that cannot be read (spectral norm "
                + "or another); remove it "
                + "with torch.nn.utils.parametrize.remove_parametrizations or torch.nn.utils.remove_spectral_norm and save again");
        }

        return [.. tensors.Where(t => !used.Contains(t.Name)).Select(t => made.GetValueOrDefault(t.Name, t))];
    }

    private static IEnumerable<(string First, string Second, string Whole, Func<WeightEntry, SourceTensor, SourceTensor,
        SourceTensor> Make)> Kinds()
    {
        yield return ("weight_g", "weight_v", "weight", (e, g, v) => new WeightNorm(e, g, v));
        yield return ("parametrizations.weight.original0", "parametrizations.weight.original1", "weight", (e, g, v) =>
            new WeightNorm(e, g, v));
        yield return ("weight_mask", "weight_orig", "weight", (e, mask, w) => new Masked(e, mask, w));
        yield return ("bias_mask", "bias_orig", "bias", (e, mask, w) => new Masked(e, mask, w));
    }

    /// <summary>w₀·mask.</summary>
    private sealed record Masked(WeightEntry Entry, SourceTensor Mask, SourceTensor Original) : SourceTensor(Entry)
    {
        internal override void Read(WeightSource file, long first, Span<double> into)
        {
            if (!Mask.Entry.Shape.SequenceEqual(Entry.Shape))
            {
                throw new ModelException($"tensor '{Mask.Name}' has shape [{string.Join(',', Mask.Entry.Shape)}], expected that of "
                    + $"'{Original.Name}'; "
                    + StateDict.SaveAgain);
            }

            Original.Read(file, first, into);
            var mask = new double[into.Length];
            Mask.Read(file, first, mask);
            for (int i = 0; i < into.Length; i++)
            {
                into[i] *= mask[i];
            }
        }
    }

    /// <summary>g·v/‖v‖, the norm over all axes but those along which g has its values: one axis, or none.</summary>
    private sealed record WeightNorm(WeightEntry Entry, SourceTensor G, SourceTensor V) : SourceTensor(Entry)
    {
        private const int Chunk = 1 << 16;
        private double[]? _factors;

        internal override void Read(WeightSource file, long first, Span<double> into)
        {
            (long count, long inner) = Axis();
            double[] factors = _factors ??= Factors(file, count, inner);
            V.Read(file, first, into);
            for (int i = 0; i < into.Length; i++)
            {
                into[i] *= factors[(first + i) / inner % count];
            }
        }

        /// <summary>The length of g's axis, and how many elements of v lie between two neighbours along it.</summary>
        private (long Count, long Inner) Axis()
        {
            ImmutableArray<long> v = V.Entry.Shape, g = G.Entry.Shape;
            int axis = Math.Max(0, g.ToList().FindIndex(d => d != 1));
            bool whole = G.Entry.Count == 1;
            bool fits = whole || (g.Length == v.Length && g[axis] == v[axis] && g.Select((d, i) => i == axis || d == 1).All(ok => ok));
            return fits && V.Entry.Count > 0
                ? (whole ? 1 : g[axis], whole ? V.Entry.Count : v.Skip(axis + 1).Aggregate(1L, (a, b) => a * b))
                : throw new ModelException($"tensor '{G.Name}' has shape [{string.Join(',', g)}], expected one norm for each slice of "
                    + $"'{V.Name}' [{string.Join(',', v)}]; {StateDict.SaveAgain}");
        }

        private double[] Factors(WeightSource file, long count, long inner)
        {
            var squares = new double[count];
            var values = new double[Chunk];
            for (long first = 0; first < V.Entry.Count; first += Chunk)
            {
                Span<double> part = values.AsSpan(0, (int)Math.Min(Chunk, V.Entry.Count - first));
                V.Read(file, first, part);
                for (int i = 0; i < part.Length; i++)
                {
                    squares[(first + i) / inner % count] += part[i] * part[i];
                }
            }

            var factors = new double[count];
            G.Read(file, 0, factors);
            for (int c = 0; c < factors.Length; c++)
            {
                factors[c] /= Math.Sqrt(squares[c]);
            }

            return factors;
        }
    }
}
