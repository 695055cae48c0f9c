namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>The kinds of memory that an instruction can name.</summary>
internal enum StateSpace
{
    /// <summary>None named: the address says which.</summary>
    Generic,

    /// <summary>Seen by all threads.</summary>
    Global,

    /// <summary>Seen by all threads, never written.</summary>
    Const,

    /// <summary>Seen by the threads of a block.</summary>
    Shared,

    /// <summary>A thread's own.</summary>
    Local,
}
