namespace Interp.Cuda.Layers;

/// <summary>Device addresses of one layer's tensors in one session.</summary>
internal sealed class LayerRun(int inputs)
{
    internal ulong[] Inputs { get; } = new ulong[inputs];

    internal ulong Output { get; set; }

    /// <summary>The gradient at the output; with a rectifier in the step, the gradient behind it.</summary>
    internal ulong OutputGradient { get; set; }

    /// <summary>Where gradients at the inputs go; 0 for one that is not asked for.</summary>
    internal ulong[] InputGradients { get; } = new ulong[inputs];

    internal ulong Record { get; set; }

    internal ulong Workspace { get; set; }
}
