using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Engine.Reference;

/// <summary>
/// Runs any network in float64 with one plain loop nest per layer, on one thread. It is slow and meant to be read: the oracle against which
/// every other backend is measured, and a way to check a surprising result of a fast one.
/// </summary>
public sealed class ReferenceBackend : IBackend
{
    /// <inheritdoc/>
    public BackendInfo Info { get; } = new("reference", "scalar float64", 1);

    /// <inheritdoc/>
    bool IBackend.HasFrames => true;

    /// <inheritdoc/>
    public Session Open(Network network, SessionOptions options) => new ReferenceSession(network, options);

    /// <summary>Does nothing: the backend holds nothing.</summary>
    public void Dispose()
    {
    }
}
