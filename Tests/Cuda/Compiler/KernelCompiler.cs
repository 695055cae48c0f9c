using System.Runtime.InteropServices;
using System.Text;
using Interp.Cuda.Native;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>NVIDIA's run-time compiler (NVRTC 11.8), which needs no GPU, with the options that the kernels are compiled with.</summary>
internal static unsafe class KernelCompiler
{
    /// <summary>Products and sums are not fused, so that results are those of the CPU backend; lines are kept for profilers.</summary>
    private static readonly string[] Options = ["--gpu-architecture=compute_70", "--std=c++14", "--fmad=false", "-lineinfo"];

    /// <summary>The folder that line information names: one that does not depend on where the clone lies.</summary>
    internal const string SourceFolder = "/Interp/Cuda/Kernels/";

    /// <summary>Compiles a module to PTX.</summary>
    /// <returns>The PTX, empty if the source has errors, and what the compiler had to say, empty if nothing.</returns>
    public static (string Ptx, string Log) Compile(string name, string source, string header)
    {
        Load();
        using var strings = new NativeStrings();
        nint program = 0;
        string placed = $"#line 1 \"{SourceFolder}common.cuh\"\n{header}"; // The compiler would place it in the working folder.
        Check(Nvrtc.nvrtcCreateProgram(&program, strings.Add(source), strings.Add(SourceFolder + name), 1, strings.Array(placed),
            strings.Array("common.cuh")));
        try
        {
            NvrtcResult result = Nvrtc.nvrtcCompileProgram(program, Options.Length, strings.Array(Options));
            string log = Text(program, Nvrtc.nvrtcGetProgramLogSize, Nvrtc.nvrtcGetProgramLog);
            if (result == NvrtcResult.Compilation)
            {
                return ("", log);
            }

            Check(result);
            return (Text(program, Nvrtc.nvrtcGetPTXSize, Nvrtc.nvrtcGetPTX), log);
        }
        finally
        {
            Check(Nvrtc.nvrtcDestroyProgram(&program));
        }
    }

    public static (string Ptx, string Log) Compile(string module) =>
        Compile(module + ".cu", KernelSources.Source(module), KernelSources.Header);

    private static void Load()
    {
        foreach (NativeLibraryFiles library in new[] { NativeLibraryFiles.NvrtcBuiltins, NativeLibraryFiles.Nvrtc })
        {
            string file = CompilerFolder.Find(library.OfThisSystem[0]);
            LibrarySearch search = NativeLibraries.Load(library, Path.GetDirectoryName(file));
            Assert.IsTrue(search.Found, $"{file}: {(search.Tried.Count > 0 ? search.Tried[0].Reason : "")}");
        }
    }

    private static string Text(nint program, SizeReader size, TextReader read)
    {
        nuint bytes = 0;
        Check(size(program, &bytes));
        byte[] text = new byte[bytes];
        fixed (byte* buffer = text)
        {
            Check(read(program, buffer));
        }

        return Encoding.UTF8.GetString(text).TrimEnd('\0');
    }

    private static void Check(NvrtcResult result) =>
        Assert.AreEqual(NvrtcResult.Success, result, Marshal.PtrToStringUTF8((nint)Nvrtc.nvrtcGetErrorString(result)));

    private delegate NvrtcResult SizeReader(nint program, nuint* bytes);

    private delegate NvrtcResult TextReader(nint program, byte* text);
}
