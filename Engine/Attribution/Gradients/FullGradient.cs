using Interp.Engine.Attribution.Cam;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// FullGrad: ψ(x ⊙ ∂S/∂x) + Σ_l Σ_k ψ(b_k · ∂S/∂a_k) over the channels k of every layer l with maps a and additive constants b (a
/// convolution's biases, the shift of an affine layer, β of a layer or group norm), where ψ takes
/// the absolute
/// value, stretches it to 0…1 by the layer's least and largest, and enlarges it bilinearly to the image's size. For a logit of a network of
/// linear layers, ReLUs and max pools, x ⊙ ∂S/∂x and the bias terms of all layers, linear ones included, add up to S(x); the error is
/// reported.
/// </summary>
/// <remarks>
/// One stretch for all channels of a layer, as in the authors' program (the paper writes one for each channel). Enlarging uses half-pixel
/// centres, so that
/// a coarse map lies on what it saw; the program aligns corners. A batch normalisation that was folded into its convolution counts as one
/// bias with it, (b − μ)·γ/σ + β, where the program draws the two apart.
/// </remarks>
internal sealed class FullGradient : NoiseAveragedMethod
{
    /// <inheritdoc/>
    public override string Name => "fullgrad";

    /// <inheritdoc/>
    public override string Title => "FullGrad";

    /// <inheritdoc/>
    public override string Summary => "input times gradient, and the gradients of all biases where they act";

    /// <inheritdoc/>
    public override string Formula =>
        "ψ(x ⊙ ∂S/∂x) + Σ_l Σ_k ψ(b_k ∂S/∂a_k), b_k the bias of channel k of layer l, a_k its output, "
        + "ψ the absolute value in 0…1, enlarged";

    /// <inheritdoc/>
    public override string Paper => "S. Srinivas, F. Fleuret, arXiv 1905.00780";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    protected override Completeness? Attribute(GradientRun run)
    {
        AttributionRequest request = run.Request;
        Node[] biased =
        [
            .. request.Network.Nodes.Where(n => n.Layer is Conv2d { Bias: true } or Linear { Bias: true } or ChannelAffine or LayerNorm
                or GroupNorm),
        ];
        double total = 0, score = 0;
        if (run.Inputs is { Count: 1, Sigma: 0 })
        {
            Use(request.Forward(biased), 0, 1);
        }
        else
        {
            request.Batches(run.Inputs.Count, backward: true, (s, input) => run.Inputs[s].CopyTo(input), biased, Use);
        }

        int count = run.Inputs.Count;
        return new Completeness(total / count, score / count, null,
            $"only a logit of linear layers, ReLUs and max pools is the sum of its gradients{Exceptions(request)}");

        void Use(Session session, int first, int rows)
        {
            session.Backward(run.Rule, request.Cancel, request.Target.Seed(session));
            score += request.Target.Scores(session).Take(rows).Sum();
            FullGradientMap[] maps = [.. Enumerable.Range(0, rows).Select(_ => new FullGradientMap(session.InputShape))];
            float[] gradients = session.InputGradient();
            for (int r = 0; r < rows; r++)
            {
                maps[r].Add(Row(gradients, r, session.InputShape), run.Inputs[first + r], session.InputShape);
            }

            foreach (Node node in biased)
            {
                (Shape shape, float[] bias) = (session.ShapeOf(node), node.Weights[1].ToArray());
                gradients = session.Gradient(node);
                for (int r = 0; r < rows; r++)
                {
                    maps[r].Add(Row(gradients, r, shape), bias, shape);
                }
            }

            foreach (FullGradientMap map in maps)
            {
                total += map.Total;
                run.Samples.Add(map.Values);
            }
        }
    }

    /// <summary>The kinds of layers on the way that are not their slope times their input.</summary>
    private static string Exceptions(AttributionRequest request)
    {
        Node target = request.Target.NodeIn(request.Network);
        string kinds = string.Join(
            ", ",
            request.Network.Nodes.Where(n =>
                n.Layer is Activation { Function: not "leaky_relu" } or Multiply or LayerNorm or GroupNorm
                && GraphPaths.Lead(request.Network, n, target))
                .Select(n => n.Layer.Kind).Distinct());
        return kinds.Length == 0 ? "" : $", which leave out what {kinds} add";
    }

    private static ReadOnlySpan<float> Row(float[] values, int row, Shape shape)
    {
        int each = (int)(shape.Count / shape[0]);
        return values.AsSpan(row * each, each);
    }
}
