using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx;

/// <summary>A module of PTX: its kernels and its variables in global and constant memory.</summary>
internal sealed class PtxModule(IReadOnlyList<PtxKernel> kernels, IReadOnlyList<Variable> variables)
{
    internal IReadOnlyList<PtxKernel> Kernels { get; } = kernels;

    internal IReadOnlyList<Variable> Variables { get; } = variables;

    /// <summary>Reads PTX text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PtxFault">The text is no PTX, or has what the interpreter does not know; names the line.</exception>
    internal static PtxModule Parse(string text, string file) => new ModuleParser(new TokenReader(text, file), file).Read();

    internal PtxKernel Kernel(string name) => Kernels.Single(k => k.Name == name);
}
