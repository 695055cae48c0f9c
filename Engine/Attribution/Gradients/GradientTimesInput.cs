using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>x ⊙ ∂S/∂x in normalised units, where zero is the mean colour: the first-order share of every value.</summary>
internal sealed class GradientTimesInput : GradientSumMethod
{
    /// <inheritdoc/>
    public override string Name => "grad-x-input";

    /// <inheritdoc/>
    public override string Title => "Gradient × input";

    /// <inheritdoc/>
    public override string Summary => "gradient of the target times the preprocessed input";

    /// <inheritdoc/>
    public override string Formula => "x ⊙ ∂S/∂x";

    /// <inheritdoc/>
    public override string Paper => "A. Shrikumar, P. Greenside, A. Shcherbina, A. Kundaje, arXiv 1605.01713";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    protected override IEnumerable<GradientTerm> Terms(GradientRun run, NoisyImage x, int sample) =>
        [new GradientTerm(new LinePoint(x), 1, new ImageLine((NoisyImage?)null, x))];
}
