using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Parametrizations;

namespace Interp.Engine.Visualization;

/// <summary>
/// Optimises pictures for an objective: gradient ascent on the parameters of a picture, through random transforms and the network. A. Nguyen, J. Yosinski,
/// J. Clune (2015); C. Olah, A. Mordvintsev, L. Schubert, "Feature Visualization", Distill 2017. The same options give the same bits. For one caller at a time.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="backend">Where it runs; not disposed of here.</param>
public sealed class Visualizer(Network network, IBackend backend) : IDisposable
{
    private readonly PictureCheck _check = new(network, backend);
    private Session? _session;
    private Work _ended;

    /// <summary>The network.</summary>
    public Network Network => network;

    /// <summary>Looks at finished pictures as the program's other commands would.</summary>
    public PictureCheck Check => _check;

    /// <summary>Passes through the network so far.</summary>
    public Work Work => _ended + (_session?.Work ?? default) + _check.Work;

    /// <summary>Optimises pictures.</summary>
    /// <param name="objective">What is to grow.</param>
    /// <param name="options">How.</param>
    /// <param name="watch">Told every step, with the pictures before it; their array is reused.</param>
    /// <param name="cancel">Ends the run within one layer; the result then holds the pictures reached so far.</param>
    public VisualizationResult Run(Objective objective, VisualizationOptions options, Action<CurvePoint, Canvas, float[]>? watch = null, CancellationToken cancel = default)
    {
        Work before = Work;
        Canvas full = SizeOf(options);
        float[]? given = options.From is { } image ? PictureBytes.ToPlanes(image, options.Count) : null;
        Start start = options.FromGrey ? Start.Grey : Start.Noise(options.Seed);
        var curve = new List<CurvePoint>();
        float[] first = [];
        float[] pictures = [];
        Canvas reached = full;
        var stopped = StopReason.Steps;
        for (int octave = 0; octave < options.Octaves && stopped == StopReason.Steps; octave++)
        {
            Canvas canvas = Octave(full, options, octave);
            ImageParametrization parametrization = options.Parametrization.Create(canvas, From(), options.ParametrizationOptions with { Arithmetic = backend.Pictures });
            var ascent = new Ascent(objective, options, parametrization, OpenFor(objective.Nodes, canvas), _check, backend.Pictures);
            first = octave > 0 ? first : PictureBytes.Resize(canvas, ascent.Pictures, full);
            int until = options.Steps * (octave + 1) / options.Octaves;
            stopped = ascent.Climb(curve, until, watch, cancel);
            (pictures, reached) = (ascent.Pictures, canvas);

            Start From() => octave > 0 ? Start.Pictures(PictureBytes.Resize(reached, pictures, canvas))
                : given is null ? start
                : Start.Pictures(PictureBytes.Resize(full, given, canvas));
        }

        pictures = reached == full ? pictures : PictureBytes.Resize(reached, pictures, full);
        return new VisualizationResult(full, pictures, curve, stopped, first, Work - before);
    }

    /// <summary>The objective of pictures as they are, without transforms.</summary>
    public double[] Measure(Objective objective, Canvas canvas, float[] pictures, CancellationToken cancel = default) =>
        Ascent.Measure(objective, OpenFor(objective.Nodes, canvas), canvas, pictures, cancel);

    /// <summary>A node's output on pictures as they are, without transforms.</summary>
    public (Shape Shape, float[] Values) Activation(Node node, Canvas canvas, float[] pictures, CancellationToken cancel = default)
    {
        Session session = OpenFor([node], canvas);
        Ascent.Show(session, canvas, pictures, cancel);
        return (session.ShapeOf(node), session.Activation(node));
    }

    /// <summary>The size of the pictures that options ask for.</summary>
    public Canvas SizeOf(VisualizationOptions options)
    {
        int side = options.Size > 0 ? options.Size : network.Preprocessing.InputSize;
        return options.From is { } image ? new Canvas(options.Count, image.Height, image.Width) : new Canvas(options.Count, side, side);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _check.Dispose();
    }

    private static Canvas Octave(Canvas full, VisualizationOptions options, int octave)
    {
        double scale = Math.Pow(options.OctaveScale, octave + 1 - options.Octaves);
        return full with { Height = Side(full.Height), Width = Side(full.Width) };

        int Side(int side) => Math.Max(Math.Min(side, 32), (int)Math.Round(side * scale));
    }

    /// <summary>A session for the network's own size, or the pictures' where that is larger.</summary>
    private Session OpenFor(IEnumerable<Node> nodes, Canvas canvas)
    {
        int size = network.Preprocessing.InputSize;
        (int height, int width) = (Math.Max(size, canvas.Height), Math.Max(size, canvas.Width));
        Node[] keep = [.. RedirectedSeeds.WithInputs(network, nodes)];
        if (_session is { } open && open.Options.Batch == canvas.Count && (open.Options.Height, open.Options.Width) == (height, width) && keep.All(open.Options.Keep.Contains))
        {
            return open;
        }

        Close();
        return _session = backend.Open(network, new SessionOptions { Batch = canvas.Count, Height = height, Width = width, Keep = [.. keep] });
    }

    private void Close()
    {
        _ended += _session?.Work ?? default;
        _session?.Dispose();
        _session = null;
    }
}
