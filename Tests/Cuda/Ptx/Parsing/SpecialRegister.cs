using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>The read-only registers in which a thread finds its place in the grid.</summary>
internal static class SpecialRegister
{
    private static readonly Dictionary<string, Func<GridPlace, uint>> Values = new()
    {
        ["%tid.x"] = p => p.Thread.X, ["%tid.y"] = p => p.Thread.Y, ["%tid.z"] = p => p.Thread.Z,
        ["%ntid.x"] = p => p.Threads.X, ["%ntid.y"] = p => p.Threads.Y, ["%ntid.z"] = p => p.Threads.Z,
        ["%ctaid.x"] = p => p.Block.X, ["%ctaid.y"] = p => p.Block.Y, ["%ctaid.z"] = p => p.Block.Z,
        ["%nctaid.x"] = p => p.Blocks.X, ["%nctaid.y"] = p => p.Blocks.Y, ["%nctaid.z"] = p => p.Blocks.Z,
        ["%laneid"] = p => p.Lane, ["WARP_SZ"] = _ => Warp.Lanes,
    };

    internal static bool Exists(string name) => Values.ContainsKey(name);

    internal static uint Read(string name, GridPlace place) => Values[name](place);
}
