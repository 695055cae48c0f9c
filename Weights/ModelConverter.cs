using Interp.Engine.Tensors;

namespace Interp.Weights;

/// <summary>What to convert.</summary>
public sealed record ConversionRequest(string Source, string OutputFolder)
{
    /// <summary>The model's name; by default the output folder's.</summary>
    public string? Name { get; init; }

    /// <summary>A file of class labels, or null for the 1000 ImageNet ones where there are 1000 classes and numbered ones otherwise.</summary>
    public string? LabelsFile { get; init; }

    /// <summary>How the tensors are stored.</summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>The network's input size.</summary>
    public int InputSize { get; init; } = 224;
}

/// <summary>Converts weight files to raw tensor folders.</summary>
public static class ModelConverter
{
    /// <summary>Converts; returns what was written. Nothing is left behind when it fails or is cancelled.</summary>
    /// <param name="request">What to convert.</param>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    /// <param name="cancel">Checked between tensors.</param>
    public static ModelInfo Convert(ConversionRequest request, Action<long, long>? progress = null, CancellationToken cancel = default) =>
        throw new NotImplementedException(request.Source);
}
