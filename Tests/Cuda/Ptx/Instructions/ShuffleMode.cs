namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary>Whose value a lane takes in a shuffle.</summary>
internal enum ShuffleMode
{
    /// <summary>That of the lane so many before it.</summary>
    Up,

    /// <summary>That of the lane so many behind it.</summary>
    Down,

    /// <summary>That of the lane whose number differs in the bits given.</summary>
    Butterfly,

    /// <summary>That of the lane named.</summary>
    Index,
}
