using Interp.Engine.Arithmetic;
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
        [Samples, PerturbationOptions.Segments, PerturbationOptions.Compactness, PerturbationOptions.Fill, PerturbationOptions.StopAt];

    /// <summary>The option that says how much is drawn.</summary>
    protected abstract MethodOption<int> Samples { get; }

    /// <inheritdoc/>
    public sealed override Work EstimatedWork(AttributionRequest request) =>
        new(CountFor(request.Options.Get(PerturbationOptions.Segments), request.Options.Get(Samples)) + 3, 0);

    /// <summary>How many coalitions are drawn.</summary>
    protected abstract long CountFor(int players, int samples);

    /// <summary>The coalitions to run besides the whole image and the empty one.</summary>
    protected abstract bool[][] Draw(int players, int samples, ulong seed);

    /// <summary>How many coalitions in a row are drawn together, such as a pair: halves of the samples have all or none of them.</summary>
    protected abstract int Together(int players, int samples);

    /// <summary>A value for each player, what else there is to say, and what is wrong if anything.</summary>
    protected abstract (double[] Values, Fact[] Facts, string? Problem) Solve(Game game, OptionValues options);

    /// <inheritdoc/>
    protected sealed override Explanation Compute(AttributionRequest request)
    {
        OptionValues options = request.Options;
        RgbImage image = request.Input.Image;
        Segmentation segments =
            Slic.Segment(image, options.Get(PerturbationOptions.Segments), options.Get(PerturbationOptions.Compactness));
        bool[][] coalitions = Draw(segments.Count, options.Get(Samples), request.Seed);
        var game = new Game(segments.Count, Math.Max(1, Together(segments.Count, options.Get(Samples))), coalitions, [], 0, 0);
        Sampled sampled = Sampling.Run(request, game.Draws, game.Together, Play(game, segments, request, g => game = g),
            some => Solve(game.Of(some), options).Values);
        game = game.Of(Enumerable.Range(0, sampled.Count));
        (double[] values, Fact[] facts, string? problem) = Solve(game, options);
        return new Explanation([.. segments.Labels.Select(k => (float)values[k])])
        {
            Facts = [new Fact("segments", segments.Count), new Fact("baseline_score", game.Empty), .. facts, .. sampled.Facts],
            Arrays = [new NamedArray("segments", new Shape(1, image.Height, image.Width), [.. segments.Labels.Select(k => (float)k)])],
            Diagnosis = problem is null ? [] : [problem],
            Remarks = [.. sampled.Remarks],
            ConstantScore = ConstantScore.Problem(
                request.Target,
                [game.Whole, game.Empty, .. game.Values],
                "the superpixels",
                "no superpixel that was left out matters to it"),
        };
    }

    /// <summary>Runs draws, with the image and the fill before the first.</summary>
    private static Action<AttributionRequest, int, int> Play(
        Game game, Segmentation segments, AttributionRequest request, Action<Game> played)
    {
        float[] fill = request.Options.Get(PerturbationOptions.Fill).Of(request.Input, request.Network.Preprocessing);
        bool[] all = [.. Enumerable.Repeat(true, game.Players)], none = new bool[game.Players];
        bool[][] shown = [all, none, .. game.Coalitions];
        var images = new MaskedByLabels(
            request.Input.Tensor, fill, segments.Labels, i => Array.ConvertAll(shown[i], stays => stays ? 1f : 0f));
        var scores = new double[shown.Length];
        return (part, first, draws) =>
        {
            int from = first == 0 ? 0 : 2 + (first * game.Together), to = Math.Min(shown.Length, 2 + ((first + draws) * game.Together));
            part.Scores(images, [.. Enumerable.Range(from, to - from)]).CopyTo(scores, from);
            played(game with { Values = scores[2..], Whole = scores[0], Empty = scores[1] });
        };
    }
}
