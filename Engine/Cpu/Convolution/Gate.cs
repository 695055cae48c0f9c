using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>What follows a convolution and is computed together with it.</summary>
internal enum Gate
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A ReLU.</summary>
    Relu,

    /// <summary>A ReLU and a max-pool of 2×2 windows with stride 2 over an even number of rows and columns.</summary>
    ReluPool,
}

/// <summary>Sizes that go with a gate.</summary>
internal static class Gates
{
    /// <summary>Whether a pool is one that <see cref="Gate.ReluPool"/> computes.</summary>
    public static bool CanFuse(MaxPool2d pool, Blocked input) =>
        pool.Window.At(input.H, input.W) == Window.Square(2, 2) && input.H % 2 == 0 && input.W % 2 == 0;

    /// <summary>The shape behind the gate, for a convolution's output.</summary>
    public static Blocked Output(this Gate gate, Blocked y) => gate == Gate.ReluPool ? y with { H = y.H / 2, W = y.W / 2 } : y;

    /// <summary>Bytes that the forward pass records.</summary>
    public static long RecordBytes(this Gate gate, Blocked y) => gate switch
    {
        Gate.Relu => y.Vectors * sizeof(ushort),
        Gate.ReluPool => gate.Output(y).Vectors * Sinks.ReluPoolSink<Lanes.Lanes128>.Words * sizeof(ushort),
        _ => 0,
    };
}
