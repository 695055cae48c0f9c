using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>Takes what the target's node gives for one image.</summary>
/// <param name="index">Which image.</param>
/// <param name="values">The node's output.</param>
/// <param name="shape">Its shape, of one image.</param>
internal delegate void OutputUser(int index, ReadOnlySpan<float> values, Shape shape);

/// <summary>
/// Images that differ from a known one in a rectangle each, of which only what the rectangle reaches is computed: the known image runs
/// once and its maps are kept; for the others, layer by layer, a patch around what changes is computed from a patch of the layer before,
/// framed by the kept map, until patches are about as large as maps. S. Nakandala, A. Kumar, Y. Papakonstantinou, "Incremental and
/// approximate inference for faster occlusion-based deep CNN explanations" (Krypton), SIGMOD 2019.
/// </summary>
/// <remarks>
/// <para>Along each axis, what depends on rows a … b − 1 of a layer's input are rows ⌈(a + p − d(k − 1))/s⌉ … ⌊(b − 1 + p)/s⌋ of its
/// output, for kernel k, stride s, padding p and dilation d.</para>
/// <para>Every value is computed by the same sum of the same terms in the same order as in the full run where layers are computed pixel by
/// pixel, so that the results are the same bits. A convolution by Winograd's algorithm computes tiles of 4×4 outputs whose rounding depends
/// on all that the tile reads: there, results differ from the full run's by that rounding, as they do between Winograd and direct.</para>
/// </remarks>
internal sealed class IncrementalRun
{
    /// <summary>Classes of changes along an axis, at most, and images for each class at least.</summary>
    private const int MostClasses = 4, LeastImages = 16;

    /// <summary>A share of the full run's work that is not worth the frames and the further sessions.</summary>
    private const double MostShare = 0.8;

    private readonly AttributionRequest _request;
    private readonly IReadOnlyList<ImageBox> _boxes;
    private readonly ChangeClasses _rows, _columns;
    private readonly Dictionary<(int Row, int Column), PatchPlan> _plans = [];
    private readonly Node _target;

    private IncrementalRun(AttributionRequest request, ReachGraph graph, IReadOnlyList<ImageBox> boxes)
    {
        (_request, _boxes, _target) = (request, boxes, graph.Target);
        int classes = Math.Clamp((int)Math.Sqrt(boxes.Count / (double)LeastImages), 1, MostClasses);
        _rows = new ChangeClasses(graph, 2, boxes.Select(b => b.Rows), classes);
        _columns = new ChangeClasses(graph, 3, boxes.Select(b => b.Columns), classes);
        double whole = graph.Nodes.Sum(n => graph.Cost(n, 1)), cost = whole; // of the known image
        foreach (IGrouping<(int Row, int Column), ImageBox> group in boxes.GroupBy(ClassOf))
        {
            var plan = PatchPlan.Cheapest(graph, _rows.Classes[group.Key.Row], _columns.Classes[group.Key.Column]);
            _plans.Add(group.Key, plan);
            cost += plan.Cost * group.Count();
        }

        Share = cost / ((boxes.Count + 1) * whole);
    }

    /// <summary>The share of the multiply-adds of whole passes that is done: for all images, and for the known one, whose pass is
    /// whole.</summary>
    internal double Share { get; }

    /// <summary>Plans a run; null where the backend cannot, or where it would save little.</summary>
    /// <param name="request">The network, the size of the images, and the target.</param>
    /// <param name="boxes">Where each image differs.</param>
    /// <param name="most">The largest share of the full run's work that counts as saving.</param>
    internal static IncrementalRun? Of(AttributionRequest request, IReadOnlyList<ImageBox> boxes, double most = MostShare)
    {
        Network network = request.Network;
        Node target = request.Target.NodeIn(network);
        if (!request.Explainer.Backend.HasFrames || boxes.Count == 0 || target.Id == 0)
        {
            return null;
        }

        var graph = new ReachGraph(network, target, (request.Input.Image.Height, request.Input.Image.Width));
        var run = new IncrementalRun(request, graph, boxes);
        return run.Share <= most ? run : null;
    }

    /// <summary>What the target's node gives for some of the images.</summary>
    /// <param name="known">The known image, <c>[C,H,W]</c> in normalised units.</param>
    /// <param name="images">Which, by their boxes' numbers; the known image itself is −1.</param>
    /// <param name="fill">Makes each of the others, which may differ from the known one in its box only.</param>
    /// <param name="use">Takes what each gives; not in order.</param>
    /// <param name="progress">Told the done share.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <returns>False, and nothing was done, if the memory limit is too low for it.</returns>
    internal bool Run(float[] known, IReadOnlyList<int> images, InputFiller fill, OutputUser use, Action<double>? progress,
        CancellationToken cancel)
    {
        Explainer explainer = _request.Explainer;
        (int Height, int Width) size = (_request.Input.Image.Height, _request.Input.Image.Width);
        IGrouping<(int Row, int Column), int>[] groups = [.. images.Where(i => i >= 0).GroupBy(i => ClassOf(_boxes[i]))];
        IEnumerable<int> sources = groups.SelectMany(g => _plans[g.Key].Frames).Select(f => f.Source).Append(_target.Id);
        Node[] keep = [.. sources.Distinct().Where(i => i > 0).Order().Select(i => _request.Network.Nodes[i])];
        var options = new SessionOptions { Height = size.Height, Width = size.Width, Backward = false, Keep = [.. keep] };
        using Session? whole = explainer.OpenApart(_request.Network, options, taken: 0);
        using var batches = new PatchBatches(explainer, size, known, fill);
        if (whole is null || !groups.All(g => batches.Fits(_plans[g.Key], whole.Bytes)))
        {
            return false;
        }

        whole.Forward(known, cancel);
        float[] output = whole.Activation(_target);
        Shape shape = whole.ShapeOf(_target);
        long done = 0;
        for (int i = images.Count(i => i < 0); i > 0; i--)
        {
            Use(-1, []);
        }

        foreach (IGrouping<(int Row, int Column), int> group in groups)
        {
            ChangedImage[] changed =
            [
                .. group.Select(i => new ChangedImage(i, _boxes[i], _rows.Of(_boxes[i].Rows).Index, _columns.Of(_boxes[i].Columns).Index)),
            ];
            batches.Run(_plans[group.Key], whole, changed, Use, cancel);
        }

        explainer.Count(new Work((long)Math.Ceiling(Share * images.Count), 0));
        return true;

        void Use(int index, ReadOnlySpan<float> values)
        {
            use(index, values.IsEmpty ? output : values, shape);
            progress?.Invoke(++done / (double)images.Count);
        }
    }

    private (int Row, int Column) ClassOf(ImageBox box) => (_rows.Of(box.Rows).Class, _columns.Of(box.Columns).Class);
}
