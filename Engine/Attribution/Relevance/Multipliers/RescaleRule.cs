using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;

namespace Interp.Engine.Attribution.Relevance.Multipliers;

/// <summary>
/// DeepLIFT's rescale rule at an activation function f: m_in = m_out · Δy/Δx with Δ the difference between image and reference, and the
/// gradient at the image, m_out·f'(x), where |Δx| &lt; 1e-10, as in captum (A. Shrikumar, P. Greenside, A. Kundaje, arXiv 1704.02685,
/// section 3.5.1). A ReLU's gradient is [x &gt; 0].
/// </summary>
internal sealed class RescaleRule() : LayerRule("rescale")
{
    /// <summary>Differences below this count as none.</summary>
    public const float Least = 1e-10f;

    /// <inheritdoc/>
    public override bool Fits(Layer layer) => layer is ReLU or Activation;

    /// <inheritdoc/>
    public override float[][] Back(LayerPass layer, float[] upper)
    {
        float[] image = layer.Input();
        float[] reference = layer.ReferenceInput();
        Func<double, (double Value, double Slope)> f = layer.Node.Layer is Activation { F: { } function }
            ? Of(function)
            : x => (Math.Max(x, 0), x > 0 ? 1 : 0);
        var lower = new float[upper.Length];
        for (int i = 0; i < lower.Length; i++)
        {
            double change = (double)image[i] - reference[i];
            (double value, double slope) = f(image[i]);
            lower[i] = (float)(upper[i] * (Math.Abs(change) < Least ? slope : (value - f(reference[i]).Value) / change));
        }

        return [lower];
    }

    private static Func<double, (double Value, double Slope)> Of(ActivationFunction function)
    {
        var visitor = new Taker();
        function.Accept(visitor);
        return visitor.Found!;
    }

    private sealed class Taker : IActivationVisitor
    {
        public Func<double, (double Value, double Slope)>? Found { get; private set; }

        public void Visit<TFunction>() where TFunction : struct, IActivationFunction => Found = static x =>
        {
            (ScalarLane value, ScalarLane slope) = TFunction.At(new ScalarLane(x));
            return (value.Value, slope.Value);
        };
    }
}
