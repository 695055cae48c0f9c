using Interp.Engine.Backends;
using Interp.Engine.Cpu.Convolution;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu;

/// <summary>Makes the choice between the CPU's algorithms.</summary>
internal static class ConvChoices
{
    /// <summary>The work of transforming one tile of one channel, in multiply-adds, as measured: bound by loads and stores rather than
    /// arithmetic.</summary>
    private const double TransformCost = 250;

    public static bool PicksWinograd(this ConvChoice choice, ConvGeometry g, int groups)
    {
        if (choice == ConvChoice.Direct || !WinogradConvolution<Lanes128>.CanRun(g, groups))
        {
            return false;
        }

        double ins = g.In.Blocks * Blocked.Lanes;
        double outs = (g.Out.Blocks + 1) / 2 * 2 * Blocked.Lanes;
        double tiles = WinogradConvolution<Lanes128>.Tiles(g);
        double winograd = tiles * (WinogradTransform.Points * ins * outs + TransformCost * (ins + outs));
        double direct = (double)g.Window.Kernel.H * g.Window.Kernel.W * g.In.C * outs * g.Out.N * g.Out.H * g.Out.W;
        return choice == ConvChoice.Winograd || winograd < direct;
    }
}
