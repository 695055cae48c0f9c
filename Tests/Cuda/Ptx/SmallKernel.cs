using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Kernels;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>
/// Kernels of a few instructions. They find the addresses of buffers a and b in %rd1 and %rd2, those of their threads' elements of 4 bytes
/// in %rd3 and %rd4,
/// and their thread's number in %r1.
/// </summary>
internal static class SmallKernel
{
    /// <summary>Lines before the body's first.</summary>
    internal const int BodyLine = 16;

    /// <summary>A module with one kernel, <c>small</c>.</summary>
    internal static string Text(string body) => $$"""
        .version 7.8
        .target sm_70
        .address_size 64

        .visible .entry small(.param .u64 a, .param .u64 b)
        {
            .reg .pred %p<9>;
            .reg .b32 %r<9>;
            .reg .f32 %f<9>;
            .reg .b64 %rd<9>;
            ld.param.u64 %rd1, [a];
            ld.param.u64 %rd2, [b];
            mov.u32 %r1, %tid.x;
            mad.wide.u32 %rd3, %r1, 4, %rd1;
            mad.wide.u32 %rd4, %r1, 4, %rd2;
        {{body}}
            ret;
        }
        """;

    /// <summary>Runs it on blocks of threads with values in a and nothing in b, and gives what b holds, unless there is none.</summary>
    internal static uint[] Run(string body, int blocks, int threads, uint[] a, int b, Schedule schedule)
    {
        var machine = new Machine(PtxModule.Parse(Text(body), "small.ptx"), schedule);
        DeviceBuffer<uint> input = machine.Upload<uint>("a", a), output = machine.Allocate<uint>("b", b);
        machine.Launch("small", new Dim3((uint)blocks), new Dim3((uint)threads), null, (KernelArgument)input, output);
        return b == 0 ? [] : output.ToArray();
    }
}
