using System.Text.RegularExpressions;
using Interp.Engine.Models;

namespace Interp.Weights;

/// <summary>ImageNet's names for classes, such as <c>n02123045</c>, by which its folders of images are called.</summary>
public static partial class WordNetIds
{
    private static readonly Lazy<Dictionary<string, (int Index, string Label)>> s_known = new(() => LabelFile.ImageNetRows()
        .ToDictionary(r => r[1], r => (int.Parse(r[0], System.Globalization.CultureInfo.InvariantCulture), r[2].Trim())));

    /// <summary>Whether a text has the form of such a name.</summary>
    public static bool IsOne(string text) => Form().IsMatch(text);

    /// <summary>ImageNet's label for a name, or null where its 1000 classes do not have it.</summary>
    public static string? LabelOf(string id) => s_known.Value.TryGetValue(id, out (int Index, string Label) known) ? known.Label : null;

    /// <summary>
    /// The class of a model that has ImageNet's label for the name, or null if no class has it. Where two classes share a label, the model
    /// must have
    /// ImageNet's own 1000 classes, and the index decides.
    /// </summary>
    public static int? ClassOf(string id, Labels labels)
    {
        if (!s_known.Value.TryGetValue(id, out (int Index, string Label) known))
        {
            return null;
        }

        int[] same = [.. Enumerable.Range(0, labels.Count).Where(i => labels[i].Trim() == known.Label)];
        return same.Length == 1 ? same[0] : same.Contains(known.Index) && labels.Count == s_known.Value.Count ? known.Index : null;
    }

    [GeneratedRegex("^n[0-9]{8}$")]
    private static partial Regex Form();
}
