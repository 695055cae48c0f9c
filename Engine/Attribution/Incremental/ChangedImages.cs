using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>The target at images that differ from a known one in a rectangle each: by an <see cref="IncrementalRun"/> where that saves
/// work, else by whole passes.</summary>
internal sealed class ChangedImages
{
    private readonly AttributionRequest _request;
    private readonly IReadOnlyList<ImageBox> _boxes;
    private IncrementalRun? _run;
    private MaskedByBoxes? _covered;

    /// <param name="request">The network, the size of the images, and the target.</param>
    /// <param name="boxes">Where each image differs from the known one.</param>
    /// <param name="whole">Whether all passes shall be whole.</param>
    internal ChangedImages(AttributionRequest request, IReadOnlyList<ImageBox> boxes, bool whole = false) =>
        (_request, _boxes, _run) = (request, boxes, whole ? null : IncrementalRun.Of(request, boxes));

    /// <summary>The share of the multiply-adds of whole passes that is done, that of the known image among them.</summary>
    internal double Share => _run?.Share ?? 1;

    /// <summary>Which share of the largest score may lie between scores that are the same, but for the rounding of Winograd's
    /// tiles.</summary>
    internal double Rounding => _run is null ? 0 : ConstantScore.OfLevels;

    /// <summary>S at the known image and then at some of the others, each of which is another image in its box.</summary>
    /// <param name="known">The known image, <c>[C,H,W]</c> in normalised units.</param>
    /// <param name="fill">The other one; both are the same arrays in each call.</param>
    /// <param name="images">Which of the others, by their boxes' numbers.</param>
    /// <param name="progress">Told the done share.</param>
    internal double[] Scores(float[] known, float[] fill, IReadOnlyList<int> images, Action<double>? progress)
    {
        int[] all = [-1, .. images];
        MaskedByBoxes covered = _covered ??= new(known, fill, (_request.Input.Image.Height, _request.Input.Image.Width), i =>
            (_boxes[i].Rows.Start, _boxes[i].Rows.End, _boxes[i].Columns.Start, _boxes[i].Columns.End));
        if (_request.Replayed is { } noted)
        {
            return noted.Scores(_request with { Replay = null, Progress = progress }, covered, all);
        }

        var scores = new double[all.Length];
        Dictionary<int, int> place = all.Select((image, i) => (image, i)).ToDictionary(p => p.image, p => p.i);
        if (!RunChanged(known, all, covered.Make, Use, progress))
        {
            AttributionRequest part = _request with { Progress = progress };
            part.Batches(covered, all, (session, first, n) => UseEach(session, all.AsSpan(first, n), Use));
        }

        return scores;

        void Use(int index, ReadOnlySpan<float> values, Shape shape)
        {
            scores[place[index]] = _request.Target.Scores(values, shape, _request.Network.OutputActivation)[0];
            _request.Recorded?.AddOutput(_request.Target.NodeIn(_request.Network), covered.Key(index), values);
        }
    }

    /// <summary>What the target's node gives for some of the images.</summary>
    /// <param name="known">The known image, <c>[C,H,W]</c> in normalised units.</param>
    /// <param name="images">Which, by their boxes' numbers.</param>
    /// <param name="fill">Makes each of them, which may differ from the known one in its box only.</param>
    /// <param name="use">Takes what each gives; not in order.</param>
    /// <param name="progress">Told the done share.</param>
    internal void Run(float[] known, IReadOnlyList<int> images, InputFiller fill, OutputUser use, Action<double>? progress)
    {
        if (RunChanged(known, images, fill, use, progress))
        {
            return;
        }

        int[] all = [.. images];
        (_request with { Progress = progress }).Batches(
            all.Length, backward: false, (i, input) => fill(all[i], input), [],
            (session, first, n) => UseEach(session, all.AsSpan(first, n), use));
    }

    /// <summary>Computes what changes alone; false where that is not done.</summary>
    private bool RunChanged(float[] known, IReadOnlyList<int> images, InputFiller fill, OutputUser use, Action<double>? progress)
    {
        bool done = _run is not null && _run.Run(known, images, fill, use, progress, _request.Cancel);
        _run = done ? _run : null;
        return done;
    }

    private void UseEach(Session session, ReadOnlySpan<int> images, OutputUser use)
    {
        Node node = _request.Target.NodeIn(_request.Network);
        Shape shape = session.ShapeOf(node).WithBatch(1);
        float[][] outputs = session.ActivationOfEach(node);
        for (int i = 0; i < images.Length; i++)
        {
            use(images[i], outputs[i], shape);
        }
    }
}
