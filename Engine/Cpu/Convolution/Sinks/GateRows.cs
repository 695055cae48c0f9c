using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Functions;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>
/// What activations do to a run of vectors of one block of channels, as functions (from, record, to, vectors, used lanes, parameters).
/// The record is
/// one bit a value, sixteen to a vector, for slopes that are 0 or 1, else the slopes; backward, the rule is applied to what it says.
/// </summary>
internal static unsafe class GateRows<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Stores values as they are.</summary>
    public static readonly RowFunction Keep = new(&Store, default);

    private static readonly RowFunction s_relu = new(&Relu, default);

    /// <summary>The function of a tail's gate in the forward pass.</summary>
    public static RowFunction Forward(ConvTail tail)
    {
        if (tail.Gate == Gate.None)
        {
            return Keep;
        }

        if (tail.Function is null)
        {
            return s_relu;
        }

        var finder = new ForwardFinder(tail.HasBits);
        tail.Function.Accept(finder);
        return new(finder.Found, tail.Function.Coefficients);
    }

    /// <summary>The function of a tail's gate in the backward pass.</summary>
    public static RowFunction Backward(ConvTail tail, ReluRule rule)
    {
        var finder = new BackwardFinder(tail.HasBits);
        (tail.Function is null ? rule : rule.For(tail.Function)).Accept(finder);
        return new(finder.Found, default);
    }

    /// <summary>Takes the gradient at a step's output back through its gate, where no other step has done so.</summary>
    public static void ApplyGate(KernelRun run, ReluRule rule) => Elementwise.RunRows(
        run.Pool, run.GatedShape!.Value, Backward(run.Tail, rule), run.OutputGradient, run.Record, run.Tail.RecordPitch, run.GatedGradient);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(float* from, void* record, float* to, nint vectors, uint lanes, Coefficients p)
    {
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.Load(from + i), to + i);
        }
    }

    /// <summary>Records the decisions x &gt; 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Relu(float* from, void* record, float* to, nint vectors, uint lanes, Coefficients p)
    {
        var bits = (ushort*)record;
        for (nint i = 0; i < vectors; i++)
        {
            TLanes value = TLanes.Load(from + i * Blocked.Lanes);
            bits[i] = (ushort)TLanes.PositiveBits(value);
            TLanes.Store(TLanes.Rectify(value), to + i * Blocked.Lanes);
        }
    }

    /// <summary>Records the slopes that are 1, of a function with f(0) = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rectify<TFunction>(float* from, void* record, float* to, nint vectors, uint lanes, Coefficients p)
        where TFunction : struct, IActivationFunction
    {
        var bits = (ushort*)record;
        TLanes used = TLanes.Mask(lanes);
        for (nint i = 0; i < vectors; i++)
        {
            (TLanes value, TLanes slope) = TFunction.At(TLanes.Load(from + i * Blocked.Lanes), p);
            bits[i] = (ushort)TLanes.PositiveBits(slope);
            TLanes.Store(TLanes.Keep(used, value), to + i * Blocked.Lanes);
        }
    }

    /// <summary>Records the slopes, if there is a record. f(0) need not be 0, so unused lanes are kept apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Bend<TFunction>(float* from, void* record, float* to, nint vectors, uint lanes, Coefficients p)
        where TFunction : struct, IActivationFunction
    {
        var slopes = (float*)record;
        TLanes used = TLanes.Mask(lanes);
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            (TLanes value, TLanes slope) = TFunction.At(TLanes.Load(from + i), p);
            TLanes.Store(TLanes.Keep(used, value), to + i);
            if (slopes != null)
            {
                TLanes.Store(slope, slopes + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GateByBits<TOperator>(float* from, void* record, float* to, nint vectors, uint lanes, Coefficients p)
        where TOperator : struct, IReluOperator
    {
        var bits = (ushort*)record;
        for (nint i = 0; i < vectors; i++)
        {
            TLanes gradient = TOperator.Backward(TLanes.Mask(bits[i]), TLanes.Load(from + i * Blocked.Lanes));
            TLanes.Store(gradient, to + i * Blocked.Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GateBySlopes<TOperator>(float* from, void* record, float* to, nint vectors, uint lanes, Coefficients p)
        where TOperator : struct, IReluOperator
    {
        var slopes = (float*)record;
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            TLanes.Store(SlopedRule<TOperator>.Backward(TLanes.Load(slopes + i), TLanes.Load(from + i)), to + i);
        }
    }

    private sealed class ForwardFinder(bool hasBits) : IActivationVisitor
    {
        public delegate*<float*, void*, float*, nint, uint, Coefficients, void> Found { get; private set; }

        public void Visit<TFunction>() where TFunction : struct, IActivationFunction =>
            Found = hasBits ? &Rectify<TFunction> : &Bend<TFunction>;
    }

    private sealed class BackwardFinder(bool hasBits) : IReluRuleVisitor
    {
        public delegate*<float*, void*, float*, nint, uint, Coefficients, void> Found { get; private set; }

        public void Visit<TOperator>() where TOperator : struct, IReluOperator =>
            Found = hasBits ? &GateByBits<TOperator> : &GateBySlopes<TOperator>;
    }
}

/// <summary>A function of a run of vectors, called through a pointer, and the parameters that it is called with.</summary>
internal readonly unsafe struct RowFunction(
    delegate*<float*, void*, float*, nint, uint, Coefficients, void> function, Coefficients coefficients)
{
    /// <summary>Calls it.</summary>
    /// <param name="from">Where the vectors lie.</param>
    /// <param name="record">What is recorded of them, or null.</param>
    /// <param name="to">Where the results go.</param>
    /// <param name="vectors">Their number.</param>
    /// <param name="lanes">The lanes that hold channels.</param>
    public void Run(float* from, void* record, float* to, nint vectors, uint lanes) =>
        function(from, record, to, vectors, lanes, coefficients);
}
