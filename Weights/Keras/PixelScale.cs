using System.Globalization;
using Interp.Engine.Models;
using Interp.Weights.Graphs;

namespace Interp.Weights.Keras;

/// <summary>
/// In which units a model takes pixels, which no Keras file says. Where its first layers rescale or normalise, they tell it, as what comes
/// out of such layers is of the size of 1. They stay in the network.
/// </summary>
internal static class PixelScale
{
    private const float MaxByte = 255;

    /// <summary>A factor up to this makes numbers of the size of 1 of bytes, a larger one of numbers up to 1.</summary>
    private const double LargestFactor = 16 / 255.0;

    /// <summary>How images are prepared, and what that was guessed from.</summary>
    /// <param name="graph">The model's operators.</param>
    /// <param name="input">The name of the value that comes in.</param>
    /// <param name="channels">Its channels.</param>
    internal static (Preprocessing Preprocessing, string Source) Guess(KerasGraph graph, string input, int channels)
    {
        double? factor = Factor(graph, input);
        bool isByte = factor <= LargestFactor;
        string why = factor is { } f
            ? $"its first layers multiply them by {f.ToString("0.######", CultureInfo.InvariantCulture)}"
            : "a guess: its first layers neither rescale nor normalise them";
        Preprocessing preprocessing = Preprocessing.ImageNet with
        {
            Stretch = true,
            ResizeShorterSide = Preprocessing.ImageNet.InputSize,
            Mean = [.. Enumerable.Repeat(0f, channels)],
            Deviation = [.. Enumerable.Repeat(isByte ? 1 / MaxByte : 1, channels)],
        };
        return (preprocessing, $"a Keras network of pixels 0 to {(isByte ? "255" : "1")} ({why}) and of Keras's own loading, since the "
            + "file says neither");
    }

    /// <summary>By how much the first operators multiply a pixel; null where they do something else.</summary>
    private static double? Factor(KerasGraph graph, string input)
    {
        ILookup<string, OperatorNode> readers = graph.Nodes.SelectMany(n => n.Inputs.Distinct().Select(i => (i, n)))
            .ToLookup(p => p.i, p => p.n, StringComparer.Ordinal);
        string value = input;
        while (readers[value].ToArray() is [{ Operator: "Transpose" or "Sub" or "Mul" or "Div" } next])
        {
            if (next.Operator is "Mul" or "Div")
            {
                double? size = next.Inputs is [var x, var constant] && x == value
                    && graph.Constants.TryGetValue(constant, out GraphTensor? tensor) ? tensor.Read().Max(Math.Abs) : null;
                return next.Operator == "Mul" ? size : 1 / size;
            }

            value = next.Outputs[0];
        }

        return null;
    }
}
