using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Layer normalisation over the channels of each pixel: sums of its blocks lane by lane, then over the lanes. Forward records mean and 1/σ
/// of each pixel; backward makes x̂ anew from them.
/// </summary>
internal sealed unsafe class LayerNormKernel<TLanes>(Node node, Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Pixels of a task.</summary>
    private const int Chunk = 64;

    private readonly float _epsilon = (float)((LayerNorm)node.Layer).Epsilon;
    private readonly float[] _gamma = shape.PadChannels(node.Weights[0].ToArray());
    private readonly float[] _beta = shape.PadChannels(node.Weights[1].ToArray());

    /// <inheritdoc/>
    public override bool BackwardReadsInputs => true;

    /// <inheritdoc/>
    public override long RecordBytes => (long)shape.N * shape.H * shape.W * 2 * sizeof(float);

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => ForEachPixel(run.Pool, (image, pixel, record) =>
        Normalise(run.Inputs[0] + image * shape.Image + pixel, run.Output + image * shape.Image + pixel, (float*)run.Record + record));

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => ForEachPixel(run.Pool, (image, pixel, record) => Differentiate(
        run.Inputs[0] + image * shape.Image + pixel, run.OutputGradient + image * shape.Image + pixel, (float*)run.Record + record,
        run.InputGradients[0] + image * shape.Image + pixel));

    private void ForEachPixel(WorkerPool pool, Action<nint, nint, nint> body)
    {
        int pixels = shape.H * shape.W;
        int all = shape.N * pixels;
        pool.Run((all + Chunk - 1) / Chunk, (task, _) =>
        {
            for (int i = task * Chunk; i < Math.Min(all, (task + 1) * Chunk); i++)
            {
                body(i / pixels, (nint)(i % pixels) * Blocked.Lanes, (nint)i * 2);
            }
        });
    }

    private TLanes Used(int block) => TLanes.Mask(shape.UsedLanes(block));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalise(float* x, float* y, float* record)
    {
        nint plane = shape.Plane;
        int last = shape.Blocks - 1;
        TLanes used = Used(last);
        TLanes sum = TLanes.Zero;
        for (int b = 0; b <= last; b++)
        {
            sum = TLanes.Add(sum, TLanes.Load(x + b * plane));
        }

        float mean = TLanes.Sum(sum) / shape.C;
        TLanes mu = TLanes.Broadcast(mean);
        sum = TLanes.Zero;
        for (int b = 0; b <= last; b++)
        {
            TLanes d = TLanes.Subtract(TLanes.Load(x + b * plane), mu);
            d = b == last ? TLanes.Keep(used, d) : d;
            sum = TLanes.FusedMultiplyAdd(d, d, sum);
        }

        float inverse = 1 / MathF.Sqrt(TLanes.Sum(sum) / shape.C + _epsilon);
        TLanes factor = TLanes.Broadcast(inverse);
        float* gamma = Pointer(_gamma), beta = Pointer(_beta);
        for (int b = 0; b <= last; b++)
        {
            TLanes normalised = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + b * plane), mu), factor);
            TLanes value = TLanes.FusedMultiplyAdd(
                normalised, TLanes.Load(gamma + b * Blocked.Lanes), TLanes.Load(beta + b * Blocked.Lanes));
            TLanes.Store(b == last ? TLanes.Keep(used, value) : value, y + b * plane);
        }

        record[0] = mean;
        record[1] = inverse;
    }

    /// <summary>(g − mean(g) − x̂·mean(g·x̂))/σ with g = γ·R.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate(float* x, float* upstream, float* record, float* down)
    {
        nint plane = shape.Plane;
        int last = shape.Blocks - 1;
        TLanes mu = TLanes.Broadcast(record[0]), factor = TLanes.Broadcast(record[1]);
        TLanes sum = TLanes.Zero, along = TLanes.Zero;
        float* gamma = Pointer(_gamma);
        for (int b = 0; b <= last; b++)
        {
            TLanes g = TLanes.Multiply(TLanes.Load(gamma + b * Blocked.Lanes), TLanes.Load(upstream + b * plane));
            sum = TLanes.Add(sum, g);
            TLanes normalised = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + b * plane), mu), factor);
            along = TLanes.FusedMultiplyAdd(g, normalised, along);
        }

        TLanes mean = TLanes.Broadcast(TLanes.Sum(sum) / shape.C);
        TLanes minusAlong = TLanes.Broadcast(-(TLanes.Sum(along) / shape.C));
        TLanes used = Used(last);
        for (int b = 0; b <= last; b++)
        {
            TLanes g = TLanes.Multiply(TLanes.Load(gamma + b * Blocked.Lanes), TLanes.Load(upstream + b * plane));
            TLanes normalised = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + b * plane), mu), factor);
            TLanes value = TLanes.Multiply(TLanes.FusedMultiplyAdd(normalised, minusAlong, TLanes.Subtract(g, mean)), factor);
            TLanes.Store(b == last ? TLanes.Keep(used, value) : value, down + b * plane);
        }
    }
}
