using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Incremental;
using Interp.Engine.Common;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// Infidelity (C.-K. Yeh, C.-Y. Hsieh, A. Suggala, D. Inouye, P. Ravikumar, arXiv 1901.09392, definition 2.1): the mean over perturbations
/// I of
/// (β·⟨I, Φ⟩ − (S(x) − S(x − I)))², S the explained scalar. Here I takes away a square of a seventh of the image's side at a random place,
/// which becomes
/// the mean colour (the paper's section 2.3, "square removal"). For sensitivities ⟨I, Φ⟩ = Σ x·Φ over the square; contributions and maps
/// already hold the
/// input's share, so for them it is Σ Φ over the square (captum's rule for such attributions). Maps have no unit, so all are scaled by the
/// β that suits them
/// best, Σ dS·⟨I, Φ⟩ / Σ ⟨I, Φ⟩², as captum's <c>normalize=True</c>. The first value is the mean as a share of the mean (S(x) − S(x − I))²,
/// between 0 (the
/// map foretells every change) and 1 (it foretells nothing); the second is the mean itself, in units of S².
/// </summary>
internal sealed class Infidelity : EvidenceMetric
{
    private const int SquaresPerSide = 7;

    /// <inheritdoc/>
    public override string Name => "infidelity";

    /// <inheritdoc/>
    public override string Title => "Infidelity";

    /// <inheritdoc/>
    public override string Summary => "how badly the map foretells what taking away squares does to the target";

    /// <inheritdoc/>
    public override string Paper => "C.-K. Yeh, C.-Y. Hsieh, A. Suggala, D. Inouye, P. Ravikumar, arXiv 1901.09392";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("infidelity", "share of the changes that the map does not foretell, 0 to 1", Better.Lower),
        new("infidelity-raw", "mean squared error, in units of the target squared", Better.Lower),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(options.InfidelitySamples + 1, 0);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request) => [Found(request)];

    private static EvidenceFinding Found(EvidenceRequest request)
    {
        float[] image = request.Input.Tensor;
        PixelBox[] squares = [.. Enumerable.Range(0, request.Options.InfidelitySamples).Select(i => Square(request, i))];
        var images = new ChangedImages(
            request.Question with { Record = null },
            [.. squares.Select(s => new ImageBox(new Extent(s.Top, s.Bottom), new Extent(s.Left, s.Right)))]);
        double[] scores = images.Scores(image, new float[image.Length], [.. Enumerable.Range(0, squares.Length)], progress: null);

        double foretold = 0, changed = 0, both = 0;
        for (int i = 0; i < squares.Length; i++)
        {
            double d = Foretold(request, squares[i]), s = scores[0] - scores[i + 1];
            (foretold, changed, both) = (foretold + (d * d), changed + (s * s), both + (d * s));
        }

        double missed = changed - (foretold > 0 ? both * both / foretold : 0);
        return new EvidenceFinding(changed > 0 ? Math.Max(0, missed / changed) : double.NaN, Math.Max(0, missed) / squares.Length);
    }

    private static double Foretold(EvidenceRequest request, PixelBox square)
    {
        float[] values = request.Map.Values;
        bool multiply = request.Map.Method.Kind == AttributionKind.Sensitivity;
        double sum = 0;
        foreach (int pixel in square.Pixels(request.Size.Width))
        {
            for (int at = pixel; at < values.Length; at += request.Plane.Length)
            {
                sum += multiply ? (double)values[at] * request.Input.Tensor[at] : values[at];
            }
        }

        return sum;
    }

    private static PixelBox Square(EvidenceRequest request, int index)
    {
        (int height, int width) = request.Size;
        int side = Math.Max(1, Math.Min(height, width) / SquaresPerSide);
        var rng = new Rng(request.Options.Seed, EvidenceStreams.Infidelity);
        int left = (int)(rng.Uniform(2 * (ulong)index) * (width - side + 1)),
            top = (int)(rng.Uniform((2 * (ulong)index) + 1) * (height - side + 1));
        return new PixelBox(left, top, left + side, top + side);
    }
}
