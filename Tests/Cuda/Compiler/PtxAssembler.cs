using System.Runtime.InteropServices;
using System.Text;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>
/// The assembler from PTX to machine code that comes with the driver (CUDA 12.2), newer than the compiler: what a driver would do with the
/// kernels. It is
/// called by the interface of the PTX Compiler API, which the library exports. All functions return 0 for success.
/// </summary>
internal static unsafe class PtxAssembler
{
    /// <summary>Assembles PTX for an architecture such as <c>sm_90</c>.</summary>
    /// <returns>The machine code, empty if there were errors, and the assembler's report on each kernel or its errors.</returns>
    public static (byte[] Code, string Log) Assemble(string ptx, string architecture)
    {
        nint library = NativeLibrary.Load(CompilerFolder.Find("libnvidia-ptxjitcompiler.so.1"));
        var create = (delegate* unmanaged<nint*, nuint, byte*, int>)NativeLibrary.GetExport(library, "nvPTXCompilerCreate");
        var compile = (delegate* unmanaged<nint, int, byte**, int>)NativeLibrary.GetExport(library, "nvPTXCompilerCompile");
        var destroy = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "nvPTXCompilerDestroy");
        using var strings = new NativeStrings();
        nint compiler = 0;
        Assert.AreEqual(0, create(&compiler, (nuint)ptx.Length, strings.Add(ptx)));
        try
        {
            bool assembled = compile(compiler, 2, strings.Array("--gpu-name=" + architecture, "--verbose")) == 0;
            string log = Encoding.UTF8.GetString(Read(library, compiler, assembled ? "InfoLog" : "ErrorLog")).TrimEnd('\0');
            return (assembled ? Read(library, compiler, "CompiledProgram") : [], log);
        }
        finally
        {
            Assert.AreEqual(0, destroy(&compiler));
        }
    }

    private static byte[] Read(nint library, nint compiler, string what)
    {
        var size = (delegate* unmanaged<nint, nuint*, int>)NativeLibrary.GetExport(library, $"nvPTXCompilerGet{what}Size");
        var get = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, $"nvPTXCompilerGet{what}");
        nuint bytes = 0;
        Assert.AreEqual(0, size(compiler, &bytes));

        // One more than said: of a log the size does not count the closing zero, which is written.
        byte[] result = new byte[bytes + 1];
        fixed (byte* buffer = result)
        {
            Assert.AreEqual(0, get(compiler, buffer));
        }

        return result[..(int)bytes];
    }
}
