using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// A rule for layers that are linear in their only input. All of them are sums of <see cref="TermGroup"/>s, so that each rule only says which. Terms whose
/// part of the input is zero everywhere, as x⁻ behind a ReLU, are not run.
/// </summary>
/// <param name="groups">The groups.</param>
internal abstract class LinearRule(params IReadOnlyList<TermGroup> groups) : LayerRule
{
    /// <inheritdoc/>
    public sealed override bool ReadsOutput => groups.Any(g => g.OutputSign != 0);

    /// <inheritdoc/>
    public sealed override float[][] Back(LayerPass layer, float[] upper)
    {
        var lower = new float[layer.InputShape().Count];
        foreach (TermGroup group in groups)
        {
            float[] chosen = group.OutputSign == 0 ? upper : Where(upper, layer.Output, group.OutputSign);
            if (chosen.AsSpan().IndexOfAnyExcept(0f) >= 0)
            {
                AddShares(layer, group, chosen, lower);
            }
        }

        return [lower];
    }

    private static void AddShares(LayerPass layer, TermGroup group, float[] upper, float[] lower)
    {
        var open = new List<(Term Term, float[]? Input, PartRun Run)>();
        try
        {
            var z = new float[upper.Length];
            foreach (Term term in group.Terms)
            {
                float[]? x = layer.Part(term.Input);
                if (x is not null || term.Bias)
                {
                    PartRun run = layer.Open(term.Weights, term.Bias);
                    open.Add((term, x, run));
                    float[] y = run.Forward(x ?? new float[lower.Length]);
                    for (int i = 0; i < z.Length; i++)
                    {
                        z[i] += term.Sign * y[i];
                    }
                }
            }

            float[] s = Elementwise.Divide(upper, z, group.Epsilon);
            foreach ((Term term, float[]? x, PartRun run) in open)
            {
                layer.Conservation.Biases += group.Factor * term.Sign * run.BiasShare(s);
                if (x is not null)
                {
                    Elementwise.AddProduct(lower, group.Factor * term.Sign, x, run.Back(s));
                }
            }
        }
        finally
        {
            open.ForEach(t => t.Run.Dispose());
        }
    }

    private static float[] Where(float[] upper, float[] output, int sign)
    {
        var chosen = new float[upper.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = sign * output[i] > 0 ? upper[i] : 0;
        }

        return chosen;
    }
}
