using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution;

/// <summary>
/// One network on one backend, ready to explain pictures: it opens sessions when they are first needed and reuses them for all pictures and methods,
/// and methods that explain the same picture share its forward pass. For one caller at a time.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="backend">Where it runs; not disposed of here.</param>
/// <param name="backward">Whether backward passes are wanted; without them, sessions hold less memory and can only predict.</param>
public sealed class Explainer(Network network, IBackend backend, bool backward = true) : IDisposable
{
    private const int MaximumOpen = 2;
    private readonly List<Entry> _open = [];

    /// <summary>The network that is explained.</summary>
    public Network Network => network;

    /// <summary>What the backend runs on.</summary>
    public BackendInfo Backend => backend.Info;

    /// <summary>A session that has run forward on this very picture; it does not run again if that was its last forward pass.</summary>
    /// <param name="input">The picture.</param>
    /// <param name="keep">Nodes whose activations or gradients will be read or seeded, apart from input and output.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="ModelException">The picture's size does not fit the network.</exception>
    public Session Forward(NetworkInput input, ReadOnlySpan<Node> keep, CancellationToken cancel)
    {
        Entry entry = Find(input, keep);
        if (!ReferenceEquals(entry.Last, input))
        {
            entry.Last = null;
            entry.Session.Forward(input.Tensor, cancel);
            entry.Last = input;
        }

        return entry.Session;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.ForEach(e => e.Session.Dispose());
        _open.Clear();
    }

    private Entry Find(NetworkInput input, ReadOnlySpan<Node> keep)
    {
        (int height, int width) = (input.Picture.Height, input.Picture.Width);
        Entry? entry = _open.Find(e => e.Session.InputShape[2] == height && e.Session.InputShape[3] == width);
        Node[] kept = [.. entry?.Session.Options.Keep ?? [], .. keep];
        kept = [.. kept.Distinct()];
        if (entry is not null && kept.Length == entry.Session.Options.Keep.Length)
        {
            return entry;
        }

        if (entry is not null || _open.Count == MaximumOpen)
        {
            entry ??= _open[0];
            _open.Remove(entry);
            entry.Session.Dispose();
        }

        entry = new Entry(backend.Open(network, new SessionOptions { Height = height, Width = width, Backward = backward, Keep = [.. kept] }));
        _open.Add(entry);
        return entry;
    }

    private sealed class Entry(Session session)
    {
        public Session Session => session;

        public NetworkInput? Last { get; set; }
    }
}
