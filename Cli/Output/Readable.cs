using System.Globalization;
using Interp.Engine.Graph;
using Interp.Weights;

namespace Interp.Cli.Output;

/// <summary>How numbers and paths are written for people; JSON has them in full.</summary>
internal static class Readable
{
    internal static string Percent(double probability) => double.IsNaN(probability) ? "NaN"
        : probability is > 0 and < 1e-4 ? $"{100 * probability:0.0e+0} %"
        : $"{100 * probability:0.00} %";

    internal static string Number(double value) =>
        value.ToString("0.####;-0.####", CultureInfo.InvariantCulture) is var text && text is "0" or "-0" && value != 0
        ? value.ToString("0.##e+0", CultureInfo.InvariantCulture)
        : text;

    internal static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Words that a sentence begins with.</summary>
    internal static string Capitalised(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary><c>1 class</c>, <c>200 classes</c>, <c>no classes</c>.</summary>
    internal static string Classes(int count) => count switch
    {
        0 => "no classes",
        1 => "1 class",
        _ => $"{count} classes",
    };

    /// <summary>How a network's logits become probabilities; <c>none</c> of one without classes.</summary>
    internal static string Activation(Network network) => network.Classes == 0 ? "none" : network.OutputActivation.Name;

    /// <summary>A model's input: <c>224x224</c>, <c>28x28 grey</c>.</summary>
    internal static string Input(ModelInfo model) => Input(model.InputSize, model.InputWidth, model.Channels);

    /// <inheritdoc cref="Input(ModelInfo)"/>
    internal static string Input(int height, int width, int channels) =>
        PixelSize.Words(height, width) + (channels == 1 ? " grey" : "");

    internal static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes / 1048576.0:0.0} MiB" : $"{bytes / 1024.0:0.0} KiB";

    /// <summary>A text of foreign origin in a line: nothing in it commands a terminal.</summary>
    internal static string Line(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    /// <summary>A text of at most so many characters; what is cut off is an ellipsis.</summary>
    internal static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}…";

    internal static string Duration(TimeSpan time) => time.TotalSeconds < 100 ? $"{time.TotalSeconds:0} s"
        : time.TotalMinutes < 100 ? $"{time.TotalMinutes:0} min"
        : $"{time.TotalHours:0.0} h";

    /// <summary>A path as it is shortest to read: relative to the current folder where it lies below it.</summary>
    internal static string Path(string path)
    {
        string relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>The same of one of several inputs of a file: <c>photos.npy[3]</c>.</summary>
    internal static string PathAndPart(string path, int? part) => $"{Path(path)}{(part is null ? "" : $"[{part}]")}";
}
