using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Weights;

/// <summary>What a network's outputs stand for.</summary>
/// <param name="Labels">The classes' names; none where there are no classes.</param>
/// <param name="Activation">How logits become probabilities; null where there are no classes.</param>
/// <param name="Assumptions">What was assumed, one line each.</param>
internal sealed record OutputMeaning(Labels Labels, OutputActivation? Activation, IReadOnlyList<string> Assumptions)
{
    /// <summary>What the user says, then what the file says, then what is usual.</summary>
    /// <param name="request">What the user says.</param>
    /// <param name="classes">Number of classes; 0 where there are none.</param>
    /// <param name="found">The names that the file holds, or null.</param>
    /// <param name="activation">The activation that the file holds, or null.</param>
    /// <exception cref="InputException">What the user says does not fit.</exception>
    internal static OutputMeaning Of(
        ConversionRequest request, int classes, ImmutableArray<string>? found = null, OutputActivation? activation = null)
    {
        if (classes == 0)
        {
            RequireNothingOfClasses(request);
            return new(Labels.Numbered(0), null, ["the output has no classes: units of layers can be explained (option 'unit')"]);
        }

        var assumptions = new List<string>();
        Labels labels = NamesOf(request, classes, found, assumptions);
        OutputActivation chosen = OutputAssumption.Choose(request.Activation ?? activation, classes);
        if (activation is null && OutputAssumption.Said(request.Activation, classes) is { } said)
        {
            assumptions.Add(said);
        }

        return new(labels, chosen, assumptions);
    }

    private static void RequireNothingOfClasses(ConversionRequest request)
    {
        if (request.LabelsFile is { } file)
        {
            throw new InputException($"option 'labels' {file}: the network has no classes; leave it out");
        }

        if (request.Activation is { } asked)
        {
            throw new InputException($"option 'activation' {asked.Name}: the network has no classes; leave it out");
        }
    }

    private static Labels NamesOf(ConversionRequest request, int classes, ImmutableArray<string>? found, List<string> assumptions)
    {
        if (request.LabelsFile is { } file)
        {
            return LabelFile.Read(file, classes);
        }

        if (found is { } names && names.Length == classes && names.All(n => Text.IsName(n, Raw.RawFormat.MaxLabelLength)))
        {
            assumptions.Add("the classes' names are the file's (option 'labels')");
            return new Labels(names);
        }

        string unfit = found is { } other ? $"; the file's {other.Length} names do not fit" : "";
        assumptions.Add((classes == LabelFile.ImageNetClasses
            ? "the 1000 classes are ImageNet's, in the usual order (option 'labels')"
            : "the classes have no names but numbers (option 'labels')") + unfit);
        return LabelFile.Default(classes);
    }
}
