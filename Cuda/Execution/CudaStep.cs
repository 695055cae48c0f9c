using Interp.Cuda.Layers;
using Interp.Engine.Backends;
using Interp.Engine.Graph;

namespace Interp.Cuda.Execution;

/// <summary>One layer's place in a session: what it reads and makes, and whether the rectifier behind it is part of it.</summary>
/// <param name="Node">The layer's node.</param>
/// <param name="Layer">What runs it.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Output">What it makes: rectified, if <paramref name="Rectified"/>.</param>
/// <param name="Rectified">Whether the node's rectifier is part of the step.</param>
internal sealed record CudaStep(Node Node, CudaLayer Layer, DeviceValue[] Inputs, DeviceValue Output, bool Rectified)
{
    /// <summary>Device addresses for its kernels.</summary>
    internal LayerRun Run { get; } = new(Inputs.Length);

    internal MemoryPlan.Buffer? RecordPlace { get; set; }

    /// <summary>Where the gradient behind the rectifier goes, if not over the one before it.</summary>
    internal MemoryPlan.Buffer? GatedPlace { get; set; }
}
