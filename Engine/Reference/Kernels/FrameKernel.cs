using Interp.Engine.Backends;
using Interp.Engine.Layers;

namespace Interp.Engine.Reference.Kernels;

/// <summary>A rectangle of a map of which a part was computed anew.</summary>
internal static class FrameKernel
{
    /// <param name="frame">The layer.</param>
    /// <param name="x">The patches.</param>
    /// <param name="known">The whole map of one image, which stands around them.</param>
    /// <param name="places">Where rectangle and patch lie for each image.</param>
    /// <param name="y">The rectangles.</param>
    internal static void Forward(Frame frame, Tensor64 x, Tensor64 known, FramePlace[] places, Tensor64 y)
    {
        for (int n = 0; n < y.N; n++)
        {
            (int top, int left, int patchTop, int patchLeft) = places[n];
            FrameCut down = FramePlace.Cut(top, y.H, patchTop, x.H, frame.Map.H);
            FrameCut across = FramePlace.Cut(left, y.W, patchLeft, x.W, frame.Map.W);
            for (int c = 0; c < y.C; c++)
            {
                for (int i = 0; i < y.H; i++)
                {
                    for (int j = 0; j < y.W; j++)
                    {
                        y[n, c, i, j] = down.IsPatch(i) && across.IsPatch(j) ? x[n, c, top + i - patchTop, left + j - patchLeft]
                            : down.IsInside(i) && across.IsInside(j) ? known[0, c, top + i, left + j]
                            : frame.Outside;
                    }
                }
            }
        }
    }
}
