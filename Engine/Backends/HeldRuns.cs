using Interp.Engine.Arithmetic;

namespace Interp.Engine.Backends;

/// <content>Runs on inputs that already lie where the network reads them, and gradients that stay where it leaves them.</content>
public abstract partial class Session
{
    private HostValues? _inputs;
    private HostValues? _gradients;

    /// <summary>Where the batch's inputs lie, <see cref="InputShape"/>; to be written wholly before each
    /// <see cref="ForwardHeld"/>.</summary>
    internal virtual HeldValues HeldInputs => _inputs ??= new HostValues(new float[InputShape.Count]);

    /// <summary><see cref="Forward"/> on what lies in <see cref="HeldInputs"/>.</summary>
    internal void ForwardHeld(CancellationToken cancel)
    {
        RunForwardHeld(cancel);
        Work += new Work(Options.Batch, 0);
    }

    /// <summary>The gradient at the input after the last backward pass, <see cref="InputShape"/>; valid until the next run.</summary>
    internal virtual HeldValues HeldGradients()
    {
        _gradients ??= new HostValues(new float[InputShape.Count]);
        ReadGradient(Network.Input, _gradients.Array);
        return _gradients;
    }

    private protected virtual void RunForwardHeld(CancellationToken cancel) => RunForward(((HostValues)HeldInputs).Array, cancel);
}
