using Interp.Engine.Backends;

namespace Interp.Engine.Cpu;

/// <summary>
/// What one node, or a chain of nodes that only pass it on, gives: its place for the activation and for the gradient.
/// </summary>
internal sealed unsafe class CpuValue(int producer, Blocked shape)
{
    /// <summary>The step that computes it; the input has none and counts as −1.</summary>
    public int Producer { get; } = producer;

    public Blocked Shape { get; } = shape;

    /// <summary>Whether its activation lies in the dense order <c>[N,C,H,W]</c>, as the network's input may.</summary>
    public bool IsDense { get; set; }

    /// <summary>Bytes of its activation.</summary>
    public long ActivationBytes => IsDense ? Shape.N * Shape.DenseImage * sizeof(float) : Shape.Bytes;

    /// <summary>The last step that reads it.</summary>
    public int LastReader { get; set; } = producer;

    /// <summary>Whether its activation and gradient stay readable after the run.</summary>
    public bool Kept { get; set; }

    public MemoryPlan.Buffer? ActivationPlace { get; set; }

    public MemoryPlan.Buffer? GradientPlace { get; set; }

    public float* Activation { get; set; }

    public float* Gradient { get; set; }

    /// <summary>During a backward pass: whether anything has been written to <see cref="Gradient"/>.</summary>
    public bool HasGradient { get; set; }

    /// <summary>The same value of other images.</summary>
    public CpuValue Copy() => (CpuValue)MemberwiseClone();
}
