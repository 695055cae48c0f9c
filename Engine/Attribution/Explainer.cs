using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Attribution;

/// <summary>
/// One network on one backend, ready to explain images: it opens sessions when they are first needed and reuses them for all images and
/// methods, methods that explain the same image share its forward pass, and methods that need many passes run them in batches. For one
/// caller at a time.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="backend">Where it runs; not disposed of here.</param>
/// <param name="options">Whether backward passes are wanted, and how much memory may be used.</param>
public sealed class Explainer(Network network, IBackend backend, ExplainerOptions? options = null) : IDisposable
{
    private const int MostOfAPart = 8; // as many times the batch of the whole network
    private const int MaximumOpen = 6; // forward and backward: batches, what is left of them, and the image itself
    private readonly ExplainerOptions _options = options ?? new();
    private readonly List<Entry> _open = []; // the one used last stands last
    private readonly Dictionary<Type, IDisposable> _owned = [];
    private Work _ended;

    /// <summary>The network that is explained.</summary>
    public Network Network => network;

    /// <summary>Where it runs.</summary>
    public IBackend Backend => backend;

    /// <summary>All that was run of the network so far; runs of its parts are not counted.</summary>
    public Work Work => _open.Aggregate(_ended, (work, entry) => work + WorkOf(entry));

    /// <summary>The most images in one run.</summary>
    internal int Batch => _options.BatchAsked ?? backend.PreferredBatch;

    /// <summary>The most bytes that all open sessions may hold together.</summary>
    internal long Limit => Math.Min(_options.MemoryLimit, backend.FreeBytes);

    /// <summary>An explainer of another network on the same backend, under the same options.</summary>
    public Explainer With(Network other) => new(other, backend, _options);

    /// <summary>A session that has run forward on this very image; it does not run again if that was its last forward pass.</summary>
    /// <param name="input">The image.</param>
    /// <param name="keep">Nodes whose activations or gradients will be read or seeded, apart from input and output.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="ModelException">The image's size does not fit the network.</exception>
    public Session Forward(NetworkInput input, ReadOnlySpan<Node> keep, CancellationToken cancel)
    {
        Entry entry = Open(network, 1, (input.Image.Height, input.Image.Width), _options.Backward, keep);
        if (!ReferenceEquals(entry.Last, input))
        {
            entry.Last = null;
            entry.Session.Forward(input.Tensor, cancel);
            entry.Last = input;
        }

        return entry.Session;
    }

    /// <summary>The classes that the network finds in an image, the likeliest first.</summary>
    /// <param name="input">The image.</param>
    /// <param name="count">How many are wanted; there are never more than classes.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="InputException">The network has no classes.</exception>
    /// <exception cref="ModelException">The image's size does not fit the network.</exception>
    public IReadOnlyList<Prediction> Predict(NetworkInput input, int count = 5, CancellationToken cancel = default)
    {
        network.RequireClasses();
        return Prediction.Top(Forward(input, [], cancel).Logits(), network.Labels, network.OutputActivation, count);
    }

    /// <summary>Runs forward on many inputs of one size, in batches of the same size, the last of which may be smaller.</summary>
    /// <param name="count">How many.</param>
    /// <param name="size">Their height and width.</param>
    /// <param name="backward">Whether backward passes will be asked of the sessions.</param>
    /// <param name="keep">Nodes whose activations or gradients will be read or seeded, apart from input and output.</param>
    /// <param name="fill">Makes each input, in order.</param>
    /// <param name="use">Takes each batch, in order.</param>
    /// <param name="progress">Told the done share after each batch.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <param name="inAnyOrder">Whether several threads may make inputs of a batch at once.</param>
    /// <exception cref="BackendException">Not even one image fits the memory limit.</exception>
    public void Batches(
        int count, (int Height, int Width) size, bool backward, ReadOnlySpan<Node> keep, InputFiller fill, BatchUser use,
        Action<double>? progress, CancellationToken cancel, bool inAnyOrder = false) =>
        Batches(network, count, size, backward, keep, fill, use, progress, cancel, inAnyOrder);

    /// <summary>The same for a network made of some of this one's nodes, under the same memory limit.</summary>
    internal void Batches(
        Network part, int count, (int Height, int Width) size, bool backward, ReadOnlySpan<Node> keep, InputFiller fill, BatchUser use,
        Action<double>? progress, CancellationToken cancel, bool inAnyOrder = false) =>
        Run(part, count, size, backward, keep, use, progress, (entry, first) =>
        {
            BatchInputs.Fill(
                entry.Inputs, entry.Session.Options.Batch, first, fill, inAnyOrder ? backend.Info.Threads : 1, cancel);
            entry.Session.Forward(entry.Inputs, cancel);
        });

    /// <summary>The same for inputs that need not lie on the host: <paramref name="forward"/> runs a session forward on those from an index
    /// on.</summary>
    internal void Batches(
        int count, (int Height, int Width) size, bool backward, ReadOnlySpan<Node> keep, Action<Session, int> forward, BatchUser use,
        Action<double>? progress) =>
        Run(network, count, size, backward, keep, use, progress, (entry, first) => forward(entry.Session, first));

    private void Run(
        Network part, int count, (int Height, int Width) size, bool backward, ReadOnlySpan<Node> keep, BatchUser use,
        Action<double>? progress, Action<Entry, int> forward)
    {
        if (count == 0)
        {
            return;
        }

        int batch = BatchFor(part, count, size, backward, keep);
        for (int first = 0; first < count;)
        {
            Entry entry = Open(part, Math.Min(batch, count - first), size, backward, keep);
            Session session = entry.Session;
            int n = session.Options.Batch;
            for (; first + n <= count; first += n)
            {
                entry.Last = null;
                forward(entry, first);
                use(session, first, n);
                progress?.Invoke((first + n) / (double)count);
            }
        }
    }

    /// <summary>
    /// Closes all sessions; they are opened again when they are needed. After a method has failed, nothing of what it ran is left for the
    /// next.
    /// </summary>
    public void Release()
    {
        foreach (IDisposable owned in _owned.Values)
        {
            owned.Dispose();
        }

        _owned.Clear();
        while (_open.Count > 0)
        {
            Close(_open[0]);
        }
    }

    /// <summary>A session for the caller alone, who disposes of it; others are closed until all fit the memory limit.</summary>
    /// <param name="part">This network or one made of some of its nodes.</param>
    /// <param name="wanted">What it is prepared for.</param>
    /// <param name="taken">Bytes that other sessions of the caller hold.</param>
    /// <returns>Null if it does not fit the memory limit.</returns>
    internal Session? OpenApart(Network part, SessionOptions wanted, long taken)
    {
        Session session = backend.Open(part, wanted);
        if (session.Bytes > Limit - taken)
        {
            session.Dispose();
            return null;
        }

        while (_open.Count > 0 && _open.Sum(e => e.Session.Bytes) > Limit - taken - session.Bytes)
        {
            Close(_open[0]);
        }

        return session;
    }

    /// <summary>Counts what ran in sessions that were opened apart.</summary>
    internal void Count(Work work) => _ended += work;

    /// <summary>What a family of methods holds for this network from one image to the next; made on first use, disposed of with the
    /// explainer.</summary>
    internal T Own<T>(Func<T> make) where T : class, IDisposable
    {
        if (!_owned.TryGetValue(typeof(T), out IDisposable? owned))
        {
            _owned.Add(typeof(T), owned = make());
        }

        return (T)owned;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>
    /// The fewest batches: equal ones where the count divides by their number, else as large as allowed, with the rest as a smaller one in
    /// a session of its own. So every input costs one pass: 50 inputs at 8 a batch are 6 batches of 8 and one of 2; 10 are 2 batches of 5.
    /// </summary>
    private int BatchFor(Network part, int count, (int Height, int Width) size, bool backward, ReadOnlySpan<Node> keep)
    {
        int most = MostAtOnce(part, size);
        if (Limit < long.MaxValue)
        {
            long one = Open(part, 1, size, backward, keep).Session.Bytes;
            most = (int)Math.Clamp((Limit - one) / one, 1, most);
        }

        int batches = (count + most - 1) / most;
        return count % batches == 0 ? count / batches : most;
    }

    /// <summary>
    /// Of a part of the network that holds less, such as the linear layers behind the last maps, up to eight times as many inputs as of
    /// the whole: its layers read their weights once a batch, and as many values are held.
    /// </summary>
    private int MostAtOnce(Network part, (int Height, int Width) size)
    {
        if (ReferenceEquals(part, network))
        {
            return Batch;
        }

        long whole = network.OwnShapes.Max(s => s.Count), own = part.Shapes(1, size.Height, size.Width).Max(s => s.Count);
        return (int)(Batch * Math.Clamp(whole / own, 1, MostOfAPart));
    }

    private Entry Open(Network part, int batch, (int Height, int Width) size, bool backward, ReadOnlySpan<Node> keep)
    {
        Entry? entry = _open.Find(e => e.Fits(part, batch, size, backward));
        Node[] wanted = [.. keep];
        Node[] kept = [.. (entry?.Session.Options.Keep ?? []).Union(wanted.Where(n => n.Id != 0 && n.Id != part.Output.Id))];
        if (entry is not null)
        {
            _open.Remove(entry);
            _open.Add(entry);
            if (kept.Length == entry.Session.Options.Keep.Length)
            {
                return entry;
            }

            Close(entry);
        }

        while (_open.Count >= MaximumOpen)
        {
            Close(_open[0]);
        }

        entry = new Entry(
            backend.Open(part,
            new SessionOptions { Batch = batch, Height = size.Height, Width = size.Width, Backward = backward, Keep = [.. kept] }));
        _open.Add(entry);
        KeepWithinLimit(entry);
        return entry;
    }

    private void KeepWithinLimit(Entry needed)
    {
        while (_open.Sum(e => e.Session.Bytes) > Limit && _open.Count > 1)
        {
            Close(_open[0]);
        }

        if (needed.Session.Bytes > _options.MemoryLimit)
        {
            long mebibytes = (needed.Session.Bytes >> 20) + 1;
            throw new BackendException(
                $"memory limit: {_options.MemoryLimit >> 20} MiB were allowed, but one image needs {mebibytes} MiB; allow more, or use "
                + "smaller images");
        }
    }

    private void Close(Entry entry)
    {
        _open.Remove(entry);
        _ended += WorkOf(entry);
        entry.Session.Dispose();
    }

    private Work WorkOf(Entry entry) => ReferenceEquals(entry.Session.Network, network) ? entry.Session.Work : default;

    private sealed class Entry(Session session)
    {
        public Session Session => session;

        public NetworkInput? Last { get; set; }

        /// <summary>Where the inputs of a batch are put together.</summary>
        public float[] Inputs => field ??= new float[session.InputShape.Count];

        public bool Fits(Network part, int batch, (int Height, int Width) size, bool backward) => ReferenceEquals(session.Network, part)
            && session.Options.Batch == batch && session.Options.Backward == backward
            && (session.Options.Height, session.Options.Width) == size;
    }
}
