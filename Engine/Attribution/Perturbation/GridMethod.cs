using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Methods that show the cells of a grid over the image more or less, fill + w (image − fill) with a random w for each, and say how much
/// of what the target does each cell has a part in: a value for each cell, not below 0, enlarged bilinearly to the image, <c>[1,H,W]</c>.
/// The cells' own values are in <c>cells.npy</c>. Weights depend on the seed alone.
/// </summary>
internal abstract class GridMethod : AttributionMethod
{
    /// <inheritdoc/>
    public sealed override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MethodOption> Options => [Samples, Cells, PerturbationOptions.Fill, PerturbationOptions.StopAt];

    /// <summary>The option that says how many draws there are.</summary>
    protected abstract MethodOption<int> Samples { get; }

    /// <summary>The option that says how many cells there are along each side.</summary>
    protected abstract MethodOption<int> Cells { get; }

    /// <inheritdoc/>
    public sealed override Work EstimatedWork(AttributionRequest request)
    {
        (int rows, int columns) = GridOf(request);
        return new(((long)request.Options.Get(Samples) * PassesOf(rows * columns)) + 1, 0);
    }

    /// <summary>Passes of a draw.</summary>
    protected abstract int PassesOf(int cells);

    /// <summary>What is drawn.</summary>
    protected abstract GridDesign Design(int cells, ulong seed);

    /// <inheritdoc/>
    protected sealed override Explanation Compute(AttributionRequest request)
    {
        (int height, int width) = (request.Input.Image.Height, request.Input.Image.Width);
        (int rows, int columns) = GridOf(request);
        int cells = rows * columns, passes = PassesOf(cells), samples = request.Options.Get(Samples);
        float[] fill = request.Options.Get(PerturbationOptions.Fill).Of(request.Input, request.Network.Preprocessing);
        int[] labels =
            [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width)
                select (y * rows / height * columns) + (x * columns / width)];
        GridDesign design = Design(cells, request.Seed);
        var images = new MaskedByLabels(request.Input.Tensor, fill, labels, i => design.Weights(i / passes, i % passes));
        int threads = request.Explainer.Backend.Info.Threads;
        var scores = new double[samples][];
        Sampled sampled = Sampling.Run(request, samples, passes, Run, some => design.Values(some, scores, threads).Values);
        int[] all = [.. Enumerable.Range(0, sampled.Count)];
        (double[] values, IEnumerable<Fact> facts) = design.Values(all, scores, threads);
        float[] map = [.. values.Select(v => (float)v)];
        return new Explanation(Bilinear.Resize(map, (rows, columns), (height, width)))
        {
            Facts = [new Fact("samples_drawn", sampled.Count), .. facts, .. sampled.Facts],
            Arrays = [new NamedArray("cells", new Shape(1, rows, columns), map)],
            Remarks = [.. sampled.Remarks],
            ConstantScore = ConstantScore.Problem(
                request.Target, [.. all.SelectMany(i => scores[i])], "the cells", "no cell that was hidden matters to it"),
        };

        void Run(AttributionRequest part, int first, int draws)
        {
            double[] found = part.Scores(images, [.. Enumerable.Range(first * passes, draws * passes)]);
            for (int i = 0; i < draws; i++)
            {
                scores[first + i] = found[(i * passes)..((i + 1) * passes)];
            }
        }
    }

    private (int Rows, int Columns) GridOf(AttributionRequest request) => (
        Math.Min(request.Options.Get(Cells), request.Input.Image.Height), Math.Min(request.Options.Get(Cells), request.Input.Image.Width));
}

/// <summary>What is drawn of a grid of cells, and what follows from the scores.</summary>
/// <param name="Weights">The cells' weights of a draw's pass, a function of both alone.</param>
/// <param name="Values">The cells' values by some draws, all scores (by draw, then by pass) and a number of threads, and what else there
/// is to say.</param>
internal sealed record GridDesign(
    Func<int, int, float[]> Weights, Func<int[], double[][], int, (double[] Values, IEnumerable<Fact> Facts)> Values);
