using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>The target at images that differ from a known one in a rectangle each: by an <see cref="IncrementalRun"/> where that saves
/// work, else by whole passes.</summary>
internal sealed class ChangedImages
{
    private readonly AttributionRequest _request;
    private IncrementalRun? _run;

    /// <param name="request">The network, the size of the images, and the target.</param>
    /// <param name="boxes">Where each image differs from the known one.</param>
    /// <param name="whole">Whether all passes shall be whole.</param>
    internal ChangedImages(AttributionRequest request, IReadOnlyList<ImageBox> boxes, bool whole = false) =>
        (_request, _run) = (request, whole ? null : IncrementalRun.Of(request, boxes));

    /// <summary>The share of the multiply-adds of whole passes that is done, that of the known image among them.</summary>
    internal double Share => _run?.Share ?? 1;

    /// <summary>Which share of the largest score may lie between scores that are the same, but for the rounding of Winograd's
    /// tiles.</summary>
    internal double Rounding => _run is null ? 0 : ConstantScore.OfLevels;

    /// <summary>S at the known image and then at some of the others.</summary>
    /// <param name="known">The known image, <c>[C,H,W]</c> in normalised units.</param>
    /// <param name="images">Which of the others, by their boxes' numbers.</param>
    /// <param name="fill">Makes each of them, which may differ from the known one in its box only.</param>
    /// <param name="progress">Told the done share.</param>
    internal double[] Scores(float[] known, IReadOnlyList<int> images, InputFiller fill, Action<double>? progress)
    {
        var scores = new double[images.Count + 1];
        Dictionary<int, int> place = images.Select((image, i) => (image, i)).ToDictionary(p => p.image, p => p.i + 1);
        place[-1] = 0;
        Run(known, [-1, .. images], fill, (index, values, shape) =>
            scores[place[index]] = _request.Target.Scores(values, shape, _request.Network.OutputActivation)[0], progress);
        return scores;
    }

    /// <summary>What the target's node gives.</summary>
    /// <inheritdoc cref="IncrementalRun.Run"/>
    internal void Run(float[] known, IReadOnlyList<int> images, InputFiller fill, OutputUser use, Action<double>? progress)
    {
        if (_run is not null && _run.Run(known, images, fill, use, progress, _request.Cancel))
        {
            return;
        }

        _run = null;
        (_request with { Progress = progress }).Batches(images.Count, backward: false, Fill, [], (session, first, n) =>
        {
            Node node = _request.Target.NodeIn(_request.Network);
            Shape shape = session.ShapeOf(node).WithBatch(1);
            float[][] each = session.ActivationOfEach(node);
            for (int i = 0; i < n; i++)
            {
                use(images[first + i], each[i], shape);
            }
        });

        void Fill(int index, Span<float> input)
        {
            if (images[index] < 0)
            {
                known.CopyTo(input);
            }
            else
            {
                fill(images[index], input);
            }
        }
    }
}
