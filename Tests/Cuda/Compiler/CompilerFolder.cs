using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>NVIDIA's compiler, assembler and driver library, which <c>scripts/fetch_cuda_compiler</c> fetches; they may not be in the
/// repository.</summary>
internal static class CompilerFolder
{
    /// <summary>The path of one of its files; the test is inconclusive where it is missing.</summary>
    public static string Find(string file)
    {
        string folder = Environment.GetEnvironmentVariable("INTERP_CUDA_COMPILER") ?? Repository.PathOf("artifacts", "cuda-compiler");
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"{path} is missing; scripts/fetch_cuda_compiler fetches it");
        }

        return path;
    }
}
