using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// A rule for layers that are linear in their only input: convolutions, fully connected layers, a scale and shift for each channel (a
/// diagonal matrix with biases), and average pools, whose weights are 1/n. All of them are sums of <see cref="TermGroup"/>s, so
/// that each rule only says which. Terms whose part of the input is zero everywhere, as x⁻ behind a ReLU, are not run; nor are those whose
/// denominator is the layer's own output forward.
/// </summary>
/// <param name="name">What it is called in messages and manifests, with its parameters.</param>
/// <param name="groups">The groups.</param>
public abstract class LinearRule(string name, params IReadOnlyList<TermGroup> groups) : LayerRule(name)
{
    /// <inheritdoc/>
    public sealed override bool ReadsOutput => groups.Any(g => g.OutputSign != 0 || g.IsOutput);

    /// <summary>Whether it bounds inputs by black and white, which only a layer that reads the image has.</summary>
    internal bool BoundsPixels => groups.Any(g => g.Terms.Any(t => t.Input is InputPart.Lowest or InputPart.Highest));

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is Conv2d or Linear or ChannelAffine or AdaptiveAvgPool2d or AvgPool2d;

    /// <inheritdoc/>
    public sealed override float[][] Back(LayerPass layer, float[] upper)
    {
        float[] lower = layer.Work.Take((int)layer.InputShape().Count);
        bool isEmpty = true;
        Signs? signs = null;
        foreach (TermGroup group in groups)
        {
            Signs wanted = group.OutputSign > 0 ? Signs.Positive : Signs.Negative;
            if (group.OutputSign != 0)
            {
                signs ??= layer.Work.SignsAt(upper, layer.Output);
            }

            if (group.OutputSign == 0 || signs == wanted)
            {
                if (upper.AsSpan().IndexOfAnyExcept(0f) >= 0)
                {
                    AddShares(layer, group, upper, lower, ref isEmpty);
                }
            }
            else if (signs!.Value.HasFlag(wanted))
            {
                float[] chosen = layer.Work.Where(upper, layer.Output, group.OutputSign);
                AddShares(layer, group, chosen, lower, ref isEmpty);
                layer.Work.Give(chosen);
            }
        }

        if (isEmpty)
        {
            Array.Clear(lower);
        }

        return [lower];
    }

    private static void AddShares(LayerPass layer, TermGroup group, float[] upper, float[] lower, ref bool isEmpty)
    {
        ArrayWork work = layer.Work;
        var open = new List<(float Factor, float[]? Input, PartRun Run)>();
        bool weighted = layer.Node.Weights.Length > 0;
        float[]? sum = null;
        try
        {
            float[]? z = group.IsOutput ? layer.KeptOutput : null; // Not kept where another rule hands on to this one.
            bool isKnown = z is not null;
            foreach (Term term in group.Terms)
            {
                float[]? x = layer.Part(term.Input);
                float factor = term.Sign * (weighted ? 1 : term.Weights.OfPool);
                if (factor != 0 && (x is not null || term.Bias))
                {
                    PartRun run = layer.Open(term.Weights, term.Bias);
                    open.Add((factor, x, run));
                    if (isKnown)
                    {
                        continue;
                    }

                    float[] y = run.Forward(x ?? new float[lower.Length], wanted: upper);
                    if (z is null && factor == 1)
                    {
                        z = y;
                    }
                    else
                    {
                        bool isFirst = sum is null;
                        sum ??= work.Take(upper.Length);
                        if (isFirst && z is not null)
                        {
                            work.Scale(sum, 1, z, adds: false);
                        }

                        work.Scale(sum, factor, y, adds: !isFirst || z is not null);
                        z = sum;
                    }
                }
            }

            float[] s = work.Divide(upper, z ?? new float[upper.Length], group.Epsilon);
            foreach ((float factor, float[]? x, PartRun run) in open)
            {
                layer.Conservation.Biases += group.Factor * factor * run.BiasShare(s);
                if (x is not null)
                {
                    float[] back = run.Back(s);
                    if (isEmpty)
                    {
                        work.SetProduct(lower, group.Factor * factor, x, back);
                    }
                    else
                    {
                        work.AddProduct(lower, group.Factor * factor, x, back);
                    }

                    isEmpty = false;
                    work.Give(back);
                }
            }

            work.Give(s);
        }
        finally
        {
            open.ForEach(t => t.Run.Dispose());
            if (sum is not null)
            {
                work.Give(sum);
            }
        }
    }
}
