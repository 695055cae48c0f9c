using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Plans;

namespace Interp.Weights;

/// <summary>How images are prepared where nobody says it, and where that is known from.</summary>
/// <param name="Preprocessing">The preparation.</param>
/// <param name="Source">Whose it is, in words.</param>
/// <param name="IsKnown">Whether it was found for this very file.</param>
internal sealed record PreprocessingAssumption(Preprocessing Preprocessing, string Source, bool IsKnown)
{
    /// <summary>Whether nothing at all is known, as of a graph that says nothing of pixels.</summary>
    private bool IsGuess { get; init; }

    /// <summary>What is taken for a file that is not in the list of torchvision's.</summary>
    internal static PreprocessingAssumption Usual(IArchitecture family, IReadOnlyList<WeightEntry> entries)
    {
        (Preprocessing preprocessing, string source) = family.Usual(new StateDict(entries));
        return new(preprocessing, source, false);
    }

    /// <summary>
    /// What the list of torchvision's weights has for the file: by its hash, as the user says, or by its name; null if nothing.
    /// </summary>
    /// <exception cref="ModelException">The file holds no classifier, or cannot be read.</exception>
    internal static PreprocessingAssumption? Recognize(ConversionRequest request, CancellationToken cancel)
    {
        try
        {
            (PretrainedWeights Weights, bool ByHash)? found = PretrainedWeights.Recognize(request.Source, cancel);
            PretrainedWeights? weights = found is (var same, true) ? same : request.Pretrained ?? found?.Weights;
            weights?.RequireClassifier();
            string doubt = found is (_, true) ? ""
                : $" (as the {(request.Pretrained is null ? "file's" : "given")} name says; the file's SHA-256 is another)";
            return weights is null ? null : new(weights.Preprocessing, $"torchvision's {weights.Name} weights{doubt}", true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{request.Source}: cannot be read: {Text.OneLine(e.Message)}; look at its permissions", e);
        }
    }

    /// <summary>
    /// What is taken for a network that a graph holds. Where the file does not say it, colours are as ImageNet's classifiers have them, and
    /// grey is 0…1; a square is cut out of the middle, and for any other input the image is stretched to it.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="channels">Channels of the network's input.</param>
    /// <param name="input">Its sides.</param>
    internal static PreprocessingAssumption OfGraph(OperatorGraph graph, int channels, Sides input)
    {
        if (graph.Preprocessing is { } known && known.Channels == channels)
        {
            return new(known.WithInputSize(input.Height, input.Width), graph.PreprocessingSource ?? "the file", true)
            {
                IsGuess = graph.PreprocessingSource is not null,
            };
        }

        Preprocessing usual = channels == 1
            ? Preprocessing.ImageNet with { ResizeShorterSide = Preprocessing.ImageNet.InputSize, Mean = [0], Deviation = [1] }
            : Preprocessing.ImageNet;
        Preprocessing sized = usual.WithInputSize(input.Height, input.Width);
        string source = channels == 1 ? "grey networks of pixels 0 to 1, since the file does not say it"
            : "torchvision's ImageNet networks, since the file does not say it";
        return new(input.Height == input.Width ? sized : sized with { ResizeShorterSide = input.Longer, Stretch = true }, source, false)
        {
            IsGuess = true,
        };
    }

    /// <summary>What was assumed, one line each.</summary>
    /// <param name="request">What the user says.</param>
    /// <param name="used">The preparation that was made of it.</param>
    /// <param name="ownUnits">Whether the file holds a mean and a deviation of its own.</param>
    /// <param name="ownSize">Whether it holds the input's size.</param>
    internal IEnumerable<string> Said(ConversionRequest request, Preprocessing used, bool ownUnits, bool ownSize = false)
    {
        if (!IsKnown && !ownSize && request.InputSize is null && request.Preprocessing.Crop is null)
        {
            yield return $"the input size is {Sides.Of(used).Both} (option 'input-size')";
        }

        string[] other = [.. ownUnits ? (string[])["the file's own mean and deviation"] : [], .. request.Preprocessing.Given];
        string but = other.Length == 0 ? "" : $" but for {string.Join(", ", other)}";
        yield return $"images are prepared as for {Source}{but}: {Words(used)}";
        if (IsGuess && other.Length == 0)
        {
            yield return "other networks want other pixels: options 'resize', 'crop', 'stretch', 'scale', 'mean', 'std', 'order' say which";
        }
    }

    private static string Words(Preprocessing p)
    {
        Sides input = Sides.Of(p);
        string resize = p.Stretch ? $"stretched to {input.Enlarged(p.ResizeShorterSide).Both}" : $"shorter side to {p.ResizeShorterSide}";
        string order = p.ChannelOrder == ChannelOrder.Bgr ? ", channels blue, green, red" : "";
        string grey = p.Channels == 1 ? "grey (ITU-R 601), " : "";
        return $"{grey}{resize} ({p.Interpolation.Name}), middle {input.Both}{order}, mean {string.Join(' ', p.Mean)}, "
            + $"deviation {string.Join(' ', p.Deviation)}";
    }
}
