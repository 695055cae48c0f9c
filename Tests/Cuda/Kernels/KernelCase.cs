namespace Interp.Tests.Cuda.Kernels;

/// <summary>A launch of a kernel, and what must come out of it by a plain loop.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Name">What is special about the case.</param>
/// <param name="Check">Launches and compares.</param>
internal sealed record KernelCase(string Kernel, string Name, Action<KernelRun> Check);
