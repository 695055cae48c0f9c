using Interp.Cuda.Driver;
using Interp.Engine.Backends;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Execution;

/// <summary>A tensor of a session: a node's output, dense <c>[N,C,H,W]</c> or <c>[N,F]</c>, and the gradient there.</summary>
internal sealed class DeviceValue(int producer, Shape shape)
{
    /// <summary>The step that makes it; −1 for the input.</summary>
    internal int Producer => producer;

    internal Shape Shape => shape;

    internal long Bytes => shape.Count * sizeof(float);

    internal int LastReader { get; set; } = -1;

    internal bool Kept { get; set; }

    internal MemoryPlan.Buffer? ActivationPlace { get; set; }

    internal MemoryPlan.Buffer? GradientPlace { get; set; }

    internal ulong Activation { get; set; }

    internal ulong Gradient { get; set; }

    /// <summary>Whether the backward pass under way has reached it.</summary>
    internal bool HasGradient { get; set; }

    /// <summary>Where seeds at this value wait for a backward pass; made when there is one.</summary>
    internal DeviceMemory? Seed { get; set; }
}
