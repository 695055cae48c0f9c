using Interp.Engine.Cpu.Convolution.Sinks;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>One way to compute a convolution of fixed sizes, in either direction.</summary>
internal abstract unsafe class ConvAlgorithm
{
    /// <summary>Bytes of working memory for each thread.</summary>
    public abstract long ScratchBytes { get; }

    /// <summary>Bytes of working memory for all threads together.</summary>
    public virtual long SharedBytes => 0;

    /// <summary>Whether it can read its input in the dense order <c>[N,C,H,W]</c>.</summary>
    public virtual bool CanReadDense => false;

    /// <summary>Whether it does; decided when a session is planned.</summary>
    public bool ReadsDense { get; set; }

    /// <summary>Prepares the filters; called before the first run.</summary>
    public virtual void Prepare(WorkerPool pool)
    {
    }

    /// <summary>Computes the convolution of x and hands every result to the sink once, unused lanes as zeros.</summary>
    public abstract void Run<TSink>(WorkerPool pool, Scratch scratch, float* x, TSink sink) where TSink : struct, ITileSink;
}
