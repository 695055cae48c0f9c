namespace Interp.Weights.Raw;

/// <summary>
/// The raw tensor folder: <c>model.json</c> (the description) and <c>tensors.bin</c> (the data, little-endian and row-major, every tensor
/// at a multiple of 64 bytes, zeros between them, nothing after the last). The limits below bound what a hostile description can make the
/// reader do.
/// </summary>
internal static class RawFormat
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    internal const int Version = 1;

    internal const string DocumentFile = "model.json";
    internal const string TensorFile = "tensors.bin";

    /// <summary>Alignment of every tensor in bytes: a cache line, the widest vector.</summary>
    internal const int Alignment = 64;

    internal const int MaxDocumentBytes = 64 << 20;
    internal const int MaxNodes = Plans.ModelPlan.MaxNodes;
    internal const int MaxNodeInputs = 256;
    internal const int MaxTensors = 40_000;
    internal const int MaxNameLength = 256;
    internal const int MaxLabels = 1 << 20;
    internal const int MaxLabelLength = 4096;
    internal const int MaxAssumptions = 1000;
    internal const int MaxRank = 8;

    /// <summary>The largest number of channels or features of a layer.</summary>
    internal const int MaxChannels = 1 << 24;

    /// <summary>The largest kernel, stride, padding, dilation or pool size.</summary>
    internal const int MaxExtent = 4096;

    /// <summary>The most bytes that one forward pass on one image may take for all activations together.</summary>
    internal const long MaxActivationBytes = 128L << 30;

    /// <summary>The next multiple of <see cref="Alignment"/>.</summary>
    internal static long Align(long offset) => checked(offset + Alignment - 1) / Alignment * Alignment;
}
