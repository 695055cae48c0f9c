namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>Who used a word of memory last.</summary>
internal struct SharedAccess
{
    /// <summary>The last thread that wrote.</summary>
    internal Accessor Writer;

    /// <summary>The threads that read since the last barrier that orders them.</summary>
    internal Accessor Reader;

    /// <summary>Whether it was read through the non-coherent cache.</summary>
    internal bool NonCoherent;
}
