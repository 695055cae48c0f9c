using Interp.Engine.Cpu.Convolution.Sinks;
using Interp.Engine.Functions;
using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>What lets a part of each value through.</summary>
internal enum Gate
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A ReLU, or another activation function.</summary>
    Activation,

    /// <summary>A ReLU and a max-pool of 2×2 windows with stride 2 over an even number of rows and columns.</summary>
    ReluPool,
}

/// <summary>What follows a convolution, or another kernel, and is computed together with it.</summary>
/// <param name="Gate">The gate at the end.</param>
/// <param name="Function">The gate's activation function; null for the ReLU.</param>
/// <param name="Adds">Whether another map is added before the gate.</param>
internal readonly record struct ConvTail(Gate Gate = Gate.None, ActivationFunction? Function = null, bool Adds = false)
{
    /// <summary>Whether the function's slopes are only 0 and 1, so that one bit says all of it.</summary>
    public bool HasBits => Function is null or { Role: ActivationRole.Rectifier };

    /// <summary>Whether a pool is one that <see cref="Gate.ReluPool"/> computes.</summary>
    public static bool CanFuse(MaxPool2d pool, Blocked input) =>
        pool.Window.At(input.H, input.W) == Window.Square(2, 2) && input.H % 2 == 0 && input.W % 2 == 0;

    /// <summary>The shape behind the gate, for the output of what is before it.</summary>
    public Blocked Output(Blocked y) => Gate == Gate.ReluPool ? y with { H = y.H / 2, W = y.W / 2 } : y;

    /// <summary>Bytes that the forward pass records for a vector of the gate's output.</summary>
    public int RecordPitch => Gate switch
    {
        Gate.None => 0,
        Gate.ReluPool => ReluPoolSink<Lanes.Lanes128>.Words * sizeof(ushort),
        _ => HasBits ? sizeof(ushort) : Blocked.Lanes * sizeof(float),
    };

    /// <summary>Bytes that the forward pass records.</summary>
    /// <param name="y">The shape before the gate.</param>
    /// <param name="backward">Whether there will be backward passes; slopes are recorded for these only.</param>
    public long RecordBytes(Blocked y, bool backward) => Gate == Gate.None || !(HasBits || backward) ? 0 : Output(y).Vectors * RecordPitch;
}
