namespace Interp.Engine.Cpu;

/// <summary>The working memory of a session, in which every kernel may do as it likes while it runs. Nothing in it outlives a kernel's
/// call.</summary>
internal sealed unsafe class Scratch(byte*[] ofWorker, byte* shared)
{
    /// <summary>Memory of each thread.</summary>
    public byte*[] OfWorker { get; } = ofWorker;

    /// <summary>Memory of all threads.</summary>
    public byte* Shared { get; } = shared;
}
