namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>The kinds of memory that have addresses of their own.</summary>
internal enum WindowKind
{
    /// <summary>Buffers, global and constant variables.</summary>
    Global,

    /// <summary>Variables of a block.</summary>
    Shared,

    /// <summary>Variables of a thread.</summary>
    Local,
}
