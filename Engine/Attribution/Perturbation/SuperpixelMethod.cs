using Interp.Engine.Backends;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Methods that leave out superpixels (<see cref="Slic"/>), run the images that remain, and give each superpixel a value, which all its
/// pixels take: <c>[1,H,W]</c> in the target's units, positive where the image supports the target. Which superpixels are left out
/// depends on the seed alone. One forward pass for each image that remains, one for the whole image and one for the fill alone.
/// </summary>
internal abstract class SuperpixelMethod : AttributionMethod
{
    /// <inheritdoc/>
    public sealed override AttributionKind Kind => AttributionKind.SignedMap;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options =>
        [Samples, PerturbationOptions.Segments, PerturbationOptions.Compactness, PerturbationOptions.Fill];

    /// <summary>The option that says how much is drawn.</summary>
    protected abstract MethodOption<int> Samples { get; }

    /// <inheritdoc/>
    public sealed override Work EstimatedWork(AttributionRequest request) =>
        new(CountFor(request.Options.Get(PerturbationOptions.Segments), request.Options.Get(Samples)) + 3, 0);

    /// <summary>How many coalitions are drawn.</summary>
    protected abstract long CountFor(int players, int samples);

    /// <summary>The coalitions to run besides the whole image and the empty one.</summary>
    protected abstract bool[][] Draw(int players, int samples, ulong seed);

    /// <summary>A value for each player, what else there is to say, and what is wrong if anything.</summary>
    protected abstract (double[] Values, Fact[] Facts, string? Problem) Solve(Game game, OptionValues options);

    /// <inheritdoc/>
    protected sealed override Explanation Compute(AttributionRequest request)
    {
        OptionValues options = request.Options;
        RgbImage image = request.Input.Image;
        Segmentation segments =
            Slic.Segment(image, options.Get(PerturbationOptions.Segments), options.Get(PerturbationOptions.Compactness));
        Game game = Play(request, segments, Draw(segments.Count, options.Get(Samples), request.Seed));
        (double[] values, Fact[] facts, string? problem) = Solve(game, options);
        return new Explanation([.. segments.Labels.Select(k => (float)values[k])])
        {
            Facts = [new Fact("segments", segments.Count), new Fact("baseline_score", game.Empty), .. facts],
            Arrays = [new NamedArray("segments", new Shape(1, image.Height, image.Width), [.. segments.Labels.Select(k => (float)k)])],
            Diagnosis = problem is null ? [] : [problem],
            ConstantScore = ConstantScore.Problem(
                request.Target,
                [game.Whole, game.Empty, .. game.Values],
                "the superpixels",
                "no superpixel that was left out matters to it"),
        };
    }

    private static Game Play(AttributionRequest request, Segmentation segments, bool[][] coalitions)
    {
        float[] fill = request.Options.Get(PerturbationOptions.Fill).Of(request.Input, request.Network.Preprocessing);
        float[] image = request.Input.Tensor;
        int[] labels = segments.Labels;
        double[] scores = request.Scores(coalitions.Length + 2, (index, input) =>
        {
            for (int i = 0; i < input.Length; i++)
            {
                bool stays = index == 0 || (index > 1 && coalitions[index - 2][labels[i % labels.Length]]);
                input[i] = stays ? image[i] : fill[i];
            }
        });
        return new Game(segments.Count, coalitions, scores[2..], scores[0], scores[1]);
    }
}
