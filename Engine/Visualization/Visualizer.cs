using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Parametrizations;

namespace Interp.Engine.Visualization;

/// <summary>
/// Optimises images for an objective: gradient ascent on the parameters of an image, through random transforms and the network. A. Nguyen,
/// J. Yosinski,
/// J. Clune (2015); C. Olah, A. Mordvintsev, L. Schubert, "Feature Visualization", Distill 2017. The same options give the same bits. For
/// one caller at a time.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="backend">Where it runs; not disposed of here.</param>
public sealed class Visualizer(Network network, IBackend backend) : IDisposable
{
    private readonly ImageCheck _check = new(network, backend);
    private readonly Network? _part;
    private Session? _session;
    private Work _ended;

    /// <summary>
    /// For units of one layer alone, on images of a size of their own: nothing behind the layer is computed, and the network sees the
    /// images as large as they are, not enlarged to its own input. That is several times faster; no class's probability is followed.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="backend">Where it runs; not disposed of here.</param>
    /// <param name="layer">The layer; objectives name it by <see cref="NodeOf"/>.</param>
    /// <param name="size">The images' shorter side; 0 for the network's input size.</param>
    /// <exception cref="Common.ModelException">Images of that size are too small for the layer.</exception>
    public Visualizer(Network network, IBackend backend, Node layer, int size)
        : this(network, backend)
    {
        _part = NetworkHead.UpTo(network, [layer], size > 0 ? Sides(size) : null);
    }

    /// <summary>The network.</summary>
    public Network Network => network;

    /// <summary>The node by which objectives name one of the network's.</summary>
    /// <exception cref="Common.InputException">It stands behind the one layer whose units can be optimised.</exception>
    public Node NodeOf(Node node) => Climbed.Find(node.Name);

    /// <summary>Looks at finished images as the program's other commands would.</summary>
    public ImageCheck Check => _check;

    /// <summary>Passes through the network so far.</summary>
    public Work Work => _ended + (_session?.Work ?? default) + _check.Work;

    /// <summary>Optimises images.</summary>
    /// <param name="objective">What is to grow.</param>
    /// <param name="options">How.</param>
    /// <param name="watch">Told every step, with the images before it; their array is reused.</param>
    /// <param name="cancel">Ends the run within one layer; the result then holds the images reached so far.</param>
    /// <exception cref="InputException">Options contradict each other.</exception>
    public VisualizationResult Run(Objective objective, VisualizationOptions options, Action<CurvePoint, Canvas, float[]>? watch = null,
        CancellationToken cancel = default)
    {
        if (options.Within is not null && (options.Octaves > 1 || options.BlurEvery > 0))
        {
            throw new InputException("images within a distance of a photo: expected one octave and no blur between steps");
        }

        Work before = Work;
        Canvas full = SizeOf(options);
        float[]? given = options.From is { } image ? ImageBytes.ToPlanes(image, options.Count, network.InputChannels) : null;
        Start start = options.FromGrey ? Start.Grey : Start.Noise(options.Seed, alike: options.Alike ? options.Count : 1);
        var curve = new List<CurvePoint>();
        float[] first = [];
        float[] images = [];
        Canvas reached = full;
        var stopped = StopReason.Steps;
        for (int octave = 0; octave < options.Octaves && stopped == StopReason.Steps; octave++)
        {
            Canvas canvas = Octave(full, options, octave);
            ImageParametrization parametrization = options.Within is { } reach
                ? new BoundedImage(canvas, From(), given is null ? [] : given[..canvas.Image], reach)
                : options.Parametrization.Create(canvas, From(), options.ParametrizationOptions with { Arithmetic = backend.Images });
            var ascent = new Ascent(objective, options, parametrization, OpenFor(objective.Nodes, canvas), _check, backend.Images);
            first = octave > 0 ? first : ImageBytes.Resize(canvas, ascent.Images, full);
            int until = options.Steps * (octave + 1) / options.Octaves;
            stopped = ascent.Climb(curve, until, watch, cancel);
            (images, reached) = (ascent.Images, canvas);

            Start From() => octave > 0 ? Start.Images(ImageBytes.Resize(reached, images, canvas))
                : given is null ? start
                : Start.Images(ImageBytes.Resize(full, given, canvas));
        }

        images = reached == full ? images : ImageBytes.Resize(reached, images, full);
        for (int n = 0; options.Within is { } within && given is not null && n < full.Count; n++)
        {
            within.ToLevels(given.AsSpan(0, full.Image), images.AsSpan(n * full.Image, full.Image));
        }

        return new VisualizationResult(full, images, curve, stopped, first, Work - before);
    }

    /// <summary>The objective of images as they are, without transforms.</summary>
    public double[] Measure(Objective objective, Canvas canvas, float[] images, CancellationToken cancel = default) =>
        Ascent.Measure(objective, OpenFor(objective.Nodes, canvas), canvas, images, cancel);

    /// <summary>A node's output on images as they are, without transforms.</summary>
    public (Shape Shape, float[] Values) Activation(Node node, Canvas canvas, float[] images, CancellationToken cancel = default)
    {
        Session session = OpenFor([node], canvas);
        Ascent.Show(session, canvas, images, cancel);
        return (session.ShapeOf(node), session.Activation(node));
    }

    /// <summary>The size of the images that options ask for.</summary>
    public Canvas SizeOf(VisualizationOptions options)
    {
        (int height, int width) = options.From is { } image ? (image.Height, image.Width)
            : options.Size > 0 ? Sides(options.Size)
            : (Climbed.Preprocessing.Height, Climbed.Preprocessing.Width);
        return new Canvas(options.Count, height, width, network.InputChannels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _check.Dispose();
    }

    /// <summary>What images climb in.</summary>
    private Network Climbed => _part ?? network;

    /// <summary>An image of the network's proportions whose shorter side is given.</summary>
    private (int Height, int Width) Sides(int shorter)
    {
        Preprocessing own = network.Preprocessing;
        double scale = shorter / (double)Math.Min(own.Height, own.Width);
        return ((int)Math.Round(own.Height * scale), (int)Math.Round(own.Width * scale));
    }

    private static Canvas Octave(Canvas full, VisualizationOptions options, int octave)
    {
        double scale = Math.Pow(options.OctaveScale, octave + 1 - options.Octaves);
        return full with { Height = Side(full.Height), Width = Side(full.Width) };

        int Side(int side) => Math.Max(Math.Min(side, 32), (int)Math.Round(side * scale));
    }

    /// <summary>A session for the network's own size, or the images' where that is larger.</summary>
    private Session OpenFor(IEnumerable<Node> nodes, Canvas canvas)
    {
        Preprocessing own = Climbed.Preprocessing;
        (int height, int width) = (Math.Max(own.Height, canvas.Height), Math.Max(own.Width, canvas.Width));
        Node[] keep = [.. RedirectedSeeds.WithInputs(Climbed, nodes)];
        if (_session is { } open && open.Options.Batch == canvas.Count && (open.Options.Height, open.Options.Width) == (height, width)
            && keep.All(open.Options.Keep.Contains))
        {
            return open;
        }

        Close();
        return _session = backend.Open(
            Climbed, new SessionOptions { Batch = canvas.Count, Height = height, Width = width, Keep = [.. keep] });
    }

    private void Close()
    {
        _ended += _session?.Work ?? default;
        _session?.Dispose();
        _session = null;
    }
}
