namespace Interp.Engine.Cpu.Convolution;

/// <summary>One way to compute a convolution of fixed sizes, in either direction.</summary>
internal abstract unsafe class ConvAlgorithm
{
    /// <summary>Bytes of working memory for each thread.</summary>
    public abstract long ScratchBytes { get; }

    /// <summary>Bytes of working memory for all threads together.</summary>
    public virtual long SharedBytes => 0;

    /// <summary>Computes y from x; every element of y is written, unused lanes as zeros.</summary>
    public abstract void Run(WorkerPool pool, Scratch scratch, float* x, float* y);
}
