using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// Group normalisation. Sums are made for each channel over its pixels, lane by lane, and over the channels of a group in float64. Forward
/// records mean and 1/σ, channel by channel; backward makes x̂ anew from them.
/// </summary>
internal sealed unsafe class GroupNormKernel<TLanes>(Node node, Blocked shape) : CpuKernel where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Pixels that are summed apart, so that rounding errors grow with the root of their number only.</summary>
    private const int Part = 256;

    /// <summary>Floats of two values for each lane of a block.</summary>
    private const int Pair = 2 * Blocked.Lanes;

    private readonly GroupNorm _layer = (GroupNorm)node.Layer;
    private readonly float[] _gamma = shape.PadChannels(node.Weights[0].ToArray());
    private readonly float[] _beta = shape.PadChannels(node.Weights[1].ToArray());

    /// <inheritdoc/>
    public override bool BackwardReadsInputs => true;

    /// <inheritdoc/>
    public override long RecordBytes => (long)Planes * Pair * sizeof(float);

    /// <inheritdoc/>
    public override long SharedBytes => RecordBytes;

    private int Planes => shape.N * shape.Blocks;

    private int Pixels => shape.H * shape.W;

    /// <inheritdoc/>
    public override void Forward(KernelRun run)
    {
        float* record = (float*)run.Record;
        run.Pool.Run(Planes, (plane, _) => Sum(run.Inputs[0] + (plane * shape.Plane), record + (plane * Pair)));
        OverGroups(record, 0, _ => 1, (sum, count) => sum / count);
        run.Pool.Run(Planes, (plane, _) => Squares(run.Inputs[0] + (plane * shape.Plane), record + (plane * Pair)));
        OverGroups(record, Blocked.Lanes, _ => 1, (sum, count) => 1 / Math.Sqrt((sum / count) + _layer.Epsilon));
        Elementwise.RunPlanes(run.Pool, shape, (first, count, plane) => Normalise(
            run.Inputs[0] + ((nint)first * Blocked.Lanes), record + (plane * Pair), (int)(plane % shape.Blocks) * Blocked.Lanes,
            run.Output + ((nint)first * Blocked.Lanes), (nint)count));
    }

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule)
    {
        float* record = (float*)run.Record, means = (float*)run.Scratch.Shared;
        run.Pool.Run(Planes, (plane, _) => Moments(
            run.Inputs[0] + (plane * shape.Plane), run.OutputGradient + (plane * shape.Plane), record + (plane * Pair),
            means + (plane * Pair)));
        OverGroups(means, 0, c => _gamma[c], (sum, count) => sum / count);
        OverGroups(means, Blocked.Lanes, c => _gamma[c], (sum, count) => sum / count);
        Elementwise.RunPlanes(run.Pool, shape, (first, count, plane) => Differentiate(
            run.Inputs[0] + ((nint)first * Blocked.Lanes), run.OutputGradient + ((nint)first * Blocked.Lanes), record + (plane * Pair),
            means + (plane * Pair), (int)(plane % shape.Blocks) * Blocked.Lanes,
            run.InputGradients[0] + ((nint)first * Blocked.Lanes), (nint)count));
    }

    /// <summary>Replaces a sum for each channel by what follows from that of its group, weighed; in lanes without channels by 0.</summary>
    private void OverGroups(float* sums, int lane, Func<int, float> weight, Func<double, double, double> result)
    {
        int channels = shape.C / _layer.Groups;
        for (int n = 0; n < shape.N; n++)
        {
            float* image = sums + ((nint)n * shape.Blocks * Pair) + lane;
            for (int first = 0; first < shape.C; first += channels)
            {
                double sum = 0;
                for (int c = first; c < first + channels; c++)
                {
                    sum += (double)weight(c) * image[At(c)];
                }

                var value = (float)result(sum, (double)channels * Pixels);
                for (int c = first; c < first + channels; c++)
                {
                    image[At(c)] = value;
                }
            }

            for (int c = shape.C; c < shape.Blocks * Blocked.Lanes; c++)
            {
                image[At(c)] = 0;
            }
        }
    }

    private static nint At(int channel) => ((nint)(channel / Blocked.Lanes) * Pair) + (channel % Blocked.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(float* x, float* to)
    {
        TLanes total = TLanes.Zero;
        for (int first = 0; first < Pixels; first += Part)
        {
            TLanes sum = TLanes.Zero;
            for (nint i = first; i < Math.Min(Pixels, first + Part); i++)
            {
                sum = TLanes.Add(sum, TLanes.Load(x + (i * Blocked.Lanes)));
            }

            total = TLanes.Add(total, sum);
        }

        TLanes.Store(total, to);
    }

    /// <summary>The sums of squared distances from the mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Squares(float* x, float* record)
    {
        TLanes total = TLanes.Zero, mean = TLanes.Load(record);
        for (int first = 0; first < Pixels; first += Part)
        {
            TLanes sum = TLanes.Zero;
            for (nint i = first; i < Math.Min(Pixels, first + Part); i++)
            {
                TLanes distance = TLanes.Subtract(TLanes.Load(x + (i * Blocked.Lanes)), mean);
                sum = TLanes.FusedMultiplyAdd(distance, distance, sum);
            }

            total = TLanes.Add(total, sum);
        }

        TLanes.Store(total, record + Blocked.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalise(float* x, float* record, int channel, float* y, nint vectors)
    {
        TLanes gamma = TLanes.Load(Pointer(_gamma, channel)), shift = TLanes.Load(Pointer(_beta, channel));
        TLanes mean = TLanes.Load(record), scale = TLanes.Multiply(TLanes.Load(record + Blocked.Lanes), gamma);
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Subtract(TLanes.Load(x + i), mean), scale, shift), y + i);
        }
    }

    /// <summary>The sums of R and of R·x̂.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Moments(float* x, float* upstream, float* record, float* to)
    {
        TLanes mean = TLanes.Load(record), factor = TLanes.Load(record + Blocked.Lanes), all = TLanes.Zero, allAlong = TLanes.Zero;
        for (int first = 0; first < Pixels; first += Part)
        {
            TLanes sum = TLanes.Zero, along = TLanes.Zero;
            for (nint i = (nint)first * Blocked.Lanes; i < (nint)Math.Min(Pixels, first + Part) * Blocked.Lanes; i += Blocked.Lanes)
            {
                TLanes r = TLanes.Load(upstream + i);
                sum = TLanes.Add(sum, r);
                along = TLanes.FusedMultiplyAdd(r, TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + i), mean), factor), along);
            }

            (all, allAlong) = (TLanes.Add(all, sum), TLanes.Add(allAlong, along));
        }

        TLanes.Store(all, to);
        TLanes.Store(allAlong, to + Blocked.Lanes);
    }

    /// <summary>(g − mean(g) − x̂·mean(g·x̂))/σ with g = γ·R.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate(float* x, float* upstream, float* record, float* means, int channel, float* to, nint vectors)
    {
        TLanes mean = TLanes.Load(record), factor = TLanes.Load(record + Blocked.Lanes), gamma = TLanes.Load(Pointer(_gamma, channel));
        TLanes ofGradient = TLanes.Load(means), minusAlong = TLanes.Subtract(TLanes.Zero, TLanes.Load(means + Blocked.Lanes));
        for (nint i = 0; i < vectors * Blocked.Lanes; i += Blocked.Lanes)
        {
            TLanes g = TLanes.Multiply(gamma, TLanes.Load(upstream + i));
            TLanes normalised = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + i), mean), factor);
            TLanes.Store(
                TLanes.Multiply(TLanes.FusedMultiplyAdd(normalised, minusAlong, TLanes.Subtract(g, ofGradient)), factor), to + i);
        }
    }
}
