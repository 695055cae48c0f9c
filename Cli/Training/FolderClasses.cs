using System.Globalization;
using Interp.Engine.Models;
using Interp.Weights;

namespace Interp.Cli.Training;

/// <summary>What folders of images are called by: a class of the model, or something else.</summary>
internal static class FolderClasses
{
    /// <summary>The model's class that a folder's name means: its WordNet id, its id, its label or one of a label's names; null where there
    /// is none, or several.</summary>
    internal static int? ClassOf(string folder, Labels labels)
    {
        if (WordNetIds.IsOne(folder))
        {
            return WordNetIds.ClassOf(folder, labels);
        }

        if (int.TryParse(folder, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return id < labels.Count ? id : null;
        }

        string name = folder.Replace('_', ' ');
        int[] found = [.. Enumerable.Range(0, labels.Count).Where(i => labels[i].Equals(name, StringComparison.OrdinalIgnoreCase)
            || labels[i].Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase))];
        return found.Length == 1 ? found[0] : null;
    }

    /// <summary>Labels of classes by folders' names: ImageNet's where they are called by its ids, else the names; where two have the same,
    /// the folder's name stands behind it.</summary>
    internal static Labels LabelsOf(IReadOnlyList<string> folders)
    {
        string[] labels = [.. folders.Select(n => WordNetIds.LabelOf(n) ?? n)];
        var twice = labels.GroupBy(l => l).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        return new Labels([.. labels.Select((l, i) => twice.Contains(l) ? $"{l} ({folders[i]})" : l)]);
    }
}
