namespace Interp.Weights.Architectures;

/// <summary>A convolution <c>features.N</c> and what the numbering says of the layers behind it.</summary>
/// <param name="Index">Its N.</param>
/// <param name="Width">Its output channels.</param>
/// <param name="BatchNorm">Whether a batch norm follows, at N + 1.</param>
/// <param name="Next">The N of the next convolution; null after the last.</param>
internal sealed record VggBlock(int Index, int Width, bool BatchNorm, int? Next)
{
    /// <summary>The first index behind it without parameters, usually the ReLU's.</summary>
    internal int Free => Index + (BatchNorm ? 2 : 1);

    /// <summary>Number of layers without parameters before the next convolution; null after the last.</summary>
    internal int? Gap => Next - Free;

    /// <summary>Whether a pool can stand at that index: it is free, and leaves room for a ReLU.</summary>
    internal bool HasRoom(int index) => index >= Free && index < (Next ?? Free + 3) && Gap is null or >= 2;
}
