using System.Runtime.InteropServices;
using Interp.Engine.Backends;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>Rectangles of maps of which a part was computed anew: copies of rows. Forward only.</summary>
/// <param name="frame">The layer.</param>
/// <param name="x">The patches' shape.</param>
/// <param name="y">The rectangles' shape.</param>
internal sealed unsafe class FrameKernel(Frame frame, Blocked x, Blocked y) : CpuKernel
{
    private readonly Blocked _map = y with { N = 1, H = frame.Map.H, W = frame.Map.W };
    private float* _known;
    private FramePlace[] _places = [];

    /// <inheritdoc cref="Frame.Slot"/>
    public int Slot => frame.Slot;

    /// <summary>Says where the next batches lie.</summary>
    /// <param name="known">The whole map of one image.</param>
    /// <param name="places">A place for each image of a batch.</param>
    public void Place(float* known, FramePlace[] places)
    {
        _known = known;
        _places = places;
    }

    /// <inheritdoc/>
    public override void Forward(KernelRun run) => run.Pool.Run(y.N * y.Blocks, (plane, _) =>
    {
        FramePlace at = _places[plane / y.Blocks];
        int block = plane % y.Blocks;
        float* known = _known + block * _map.Plane;
        float* patch = run.Inputs[0] + plane * x.Plane;
        float* to = run.Output + plane * y.Plane;
        FrameCut down = FramePlace.Cut(at.Row, y.H, at.PatchRow, x.H, _map.H);
        FrameCut across = FramePlace.Cut(at.Column, y.W, at.PatchColumn, x.W, _map.W);
        for (int i = 0; i < y.H; i++, to += y.Row)
        {
            if (!down.IsInside(i))
            {
                Fill(to, 0, y.W, block);
                continue;
            }

            // Where the patch has no pixel of this row, the known map goes on.
            (int from, int end) = down.IsPatch(i) ? (across.From, across.To) : (across.Outside, across.Outside);
            float* row = known + (nint)(at.Row + i) * _map.Row + (nint)at.Column * Blocked.Lanes;
            Fill(to, 0, across.Inside, block);
            Copy(row, to, across.Inside, from);
            Copy(patch + (nint)(at.Row + i - at.PatchRow) * x.Row + (nint)(at.Column - at.PatchColumn) * Blocked.Lanes, to, from, end);
            Copy(row, to, end, across.Outside);
            Fill(to, across.Outside, y.W, block);
        }
    });

    /// <inheritdoc/>
    public override void Backward(KernelRun run, ReluRule rule) => throw new NotSupportedException("a frame has no backward pass");

    private static void Copy(float* from, float* to, int first, int end) => NativeMemory.Copy(
        from + (nint)first * Blocked.Lanes, to + (nint)first * Blocked.Lanes, (nuint)(end - first) * Blocked.Lanes * sizeof(float));

    private void Fill(float* to, int first, int end, int block)
    {
        nint count = (nint)(end - first) * Blocked.Lanes;
        to += (nint)first * Blocked.Lanes;
        NativeMemory.Clear(to, (nuint)count * sizeof(float));
        if (frame.Outside == 0)
        {
            return;
        }

        int used = Math.Min(Blocked.Lanes, y.C - block * Blocked.Lanes);
        for (nint i = 0; i < count; i += Blocked.Lanes)
        {
            new Span<float>(to + i, used).Fill(frame.Outside);
        }
    }
}
