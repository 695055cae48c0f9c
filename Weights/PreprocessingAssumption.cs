using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Weights;

/// <summary>How images are prepared where nobody says it, and where that is known from.</summary>
/// <param name="Preprocessing">The preparation.</param>
/// <param name="Source">Whose it is, in words.</param>
/// <param name="IsKnown">Whether it was found for this very file.</param>
internal sealed record PreprocessingAssumption(Preprocessing Preprocessing, string Source, bool IsKnown)
{
    /// <summary>What is taken for a file that is not in the list of torchvision's.</summary>
    internal static PreprocessingAssumption Usual { get; } = new(Preprocessing.ImageNet, "torchvision's ImageNet networks", false);

    /// <summary>What the list of torchvision's weights has for the file: by its hash, as the user says, or by its name.</summary>
    /// <exception cref="ModelException">The file holds no classifier, or cannot be read.</exception>
    internal static PreprocessingAssumption Recognize(ConversionRequest request, CancellationToken cancel)
    {
        try
        {
            (PretrainedWeights Weights, bool ByHash)? found = PretrainedWeights.Recognize(request.Source, cancel);
            PretrainedWeights? weights = found is (var same, true) ? same : request.Pretrained ?? found?.Weights;
            weights?.RequireClassifier();
            string doubt = found is (_, true) ? ""
                : $" (as the {(request.Pretrained is null ? "file's" : "given")} name says; the file's SHA-256 is another)";
            return weights is null ? Usual : new(weights.Preprocessing, $"torchvision's {weights.Name} weights{doubt}", true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{request.Source}: cannot be read: {Text.OneLine(e.Message)}; look at its permissions", e);
        }
    }

    /// <summary>What was assumed, one line each.</summary>
    /// <param name="request">What the user says.</param>
    /// <param name="used">The preparation that was made of it.</param>
    /// <param name="ownUnits">Whether the file holds a mean and a deviation of its own.</param>
    internal IEnumerable<string> Said(ConversionRequest request, Preprocessing used, bool ownUnits)
    {
        if (!IsKnown && request.InputSize is null && request.Preprocessing.Crop is null)
        {
            yield return $"the input size is {used.InputSize}x{used.InputSize} (option 'input-size')";
        }

        string[] other = [.. ownUnits ? (string[])["the file's own mean and deviation"] : [], .. request.Preprocessing.Given];
        string but = other.Length == 0 ? "" : $" but for {string.Join(", ", other)}";
        yield return $"images are prepared as for {Source}{but}: {Words(used)}";
    }

    private static string Words(Preprocessing p)
    {
        string resize = p.Stretch ? $"stretched to {p.ResizeShorterSide}x{p.ResizeShorterSide}" : $"shorter side to {p.ResizeShorterSide}";
        string order = p.ChannelOrder == ChannelOrder.Bgr ? ", channels blue, green, red" : "";
        return $"{resize} ({p.Interpolation.Name}), middle {p.InputSize}x{p.InputSize}{order}, mean {string.Join(' ', p.Mean)}, "
            + $"deviation {string.Join(' ', p.Deviation)}";
    }
}
