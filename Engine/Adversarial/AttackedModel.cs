using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Rules;

namespace Interp.Engine.Adversarial;

/// <summary>
/// All that an attack may ask of a network: logits of an image, and gradients of sums of them. Keeps its session from one image to the
/// next of the same size. For one caller at a time.
/// </summary>
public sealed class AttackedModel : IDisposable
{
    private readonly IBackend _backend;
    private Session? _session;
    private Surface? _surface;
    private float[] _tensor = [], _next = [];
    private float[]? _logits;
    private Work _ended;

    /// <summary>A network on a backend, which is not disposed of here.</summary>
    /// <exception cref="InputException">The network has fewer than two classes.</exception>
    public AttackedModel(Network network, IBackend backend)
    {
        network.RequireClasses();
        if (network.Classes < 2)
        {
            throw new InputException($"model {network.Name} has one class: no image can be classified otherwise");
        }

        (Network, _backend) = (network, backend);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Passes so far, in images.</summary>
    public Work Work => _ended + (_session?.Work ?? default);

    /// <summary>The image that is attacked.</summary>
    public Surface Surface => _surface ?? throw new InvalidOperationException("no surface is shown yet");

    /// <summary>Takes up an image.</summary>
    public void Show(Surface surface)
    {
        _surface = surface;
        if (_session is null || (_session.InputShape[2], _session.InputShape[3]) != surface.Seen)
        {
            Close();
            _session = _backend.Open(Network, new SessionOptions { Height = surface.Seen.Height, Width = surface.Seen.Width });
            (_tensor, _next) = (new float[_session.InputShape.Count], new float[_session.InputShape.Count]);
        }
    }

    /// <summary>The logits of an image of levels; <see cref="Gradient"/> is taken there. Asked of what the network has just seen, nothing
    /// is computed again.</summary>
    public float[] Logits(ReadOnlySpan<float> levels, CancellationToken cancel = default)
    {
        Surface.ToNetwork(levels, _next);
        return Forward(cancel);
    }

    /// <summary>∂(Σ_k seed_k z_k) / ∂level where <see cref="Logits"/> was asked last; may be asked repeatedly.</summary>
    /// <param name="seed">A weight for each class.</param>
    /// <param name="gradient">Takes the gradient, of the levels' layout.</param>
    /// <param name="cancel">Checked before each layer.</param>
    public void Gradient(float[] seed, Span<float> gradient, CancellationToken cancel = default)
    {
        _session!.Backward(ReluRules.Vanilla, cancel, new Seed(Network.Output, seed));
        Surface.Backward(_session.InputGradient(), gradient);
    }

    /// <summary>The logits of an image that was saved and read back.</summary>
    public float[] ReadBack(RgbImage saved, CancellationToken cancel = default)
    {
        Surface.ReadBack(saved).CopyTo(_next, 0);
        return Forward(cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private float[] Forward(CancellationToken cancel)
    {
        if (_logits is null || !_next.AsSpan().SequenceEqual(_tensor))
        {
            _logits = null;
            (_tensor, _next) = (_next, _tensor);
            _session!.Forward(_tensor, cancel);
            _logits = _session.Logits();
        }

        return [.. _logits];
    }

    private void Close()
    {
        _logits = null;
        _ended += _session?.Work ?? default;
        _session?.Dispose();
        _session = null;
    }
}
