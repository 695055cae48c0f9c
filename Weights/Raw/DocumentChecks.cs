using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Models;

namespace Interp.Weights.Raw;

/// <summary>Checks of everything in <c>model.json</c> but the tensor table.</summary>
internal static class DocumentChecks
{
    /// <exception cref="ModelException">Something is missing, too large, or out of range.</exception>
    internal static void Check(RawDocument document)
    {
        if (!ModelName.IsValid(document.Name))
        {
            throw new ModelException($"unusable model name '{Text.OneLine(document.Name)}'");
        }

        CheckSide("input_size", document.InputSize);
        CheckSide("input_width", document.InputWidth ?? document.InputSize);

        CheckNodes(document);
        CheckPreprocessing(document);
        CheckLabels(document);
        if (document.Activation is { } activation && !OutputActivation.All.Names.Contains(activation, StringComparer.Ordinal))
        {
            string known = string.Join(" or ", OutputActivation.All.Names);
            throw new ModelException($"activation '{Text.OneLine(activation)}', expected {known}");
        }

        if (document.Assumptions is { } lines
            && (lines.Count > RawFormat.MaxAssumptions || lines.Any(l => !Text.IsName(l, RawFormat.MaxLabelLength))))
        {
            throw new ModelException($"assumptions: expected at most {RawFormat.MaxAssumptions} lines of text");
        }
    }

    private static void CheckSide(string field, int side)
    {
        if (side is < 1 or > RawFormat.MaxExtent)
        {
            throw new ModelException($"{field} {side}, expected 1 to {RawFormat.MaxExtent}");
        }
    }

    private static void CheckNodes(RawDocument document)
    {
        if (document.Architecture.Length is < 2 or > RawFormat.MaxNodes)
        {
            throw new ModelException($"{document.Architecture.Length} layers, expected 2 to {RawFormat.MaxNodes}");
        }

        var known = document.Tensors.Select(t => t?.Name ?? "").ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        bool first = true;
        foreach (RawNode? node in document.Architecture)
        {
            if (node is null || !Text.IsName(node.Name, RawFormat.MaxNameLength))
            {
                throw new ModelException($"unusable layer name '{Text.OneLine(node?.Name ?? "null")}'");
            }

            CheckNode(node, first);
            first = false;
            foreach (string? tensor in node.Tensors)
            {
                if (tensor is null || !known.Contains(tensor))
                {
                    throw new ModelException(
                        $"layer '{node.Name}' needs tensor '{Text.OneLine(tensor ?? "null")}', which the table does not have");
                }

                used.Add(tensor);
            }
        }

        if (known.Except(used).FirstOrDefault() is { } unused)
        {
            throw new ModelException($"tensor '{Text.OneLine(unused)}' belongs to no layer");
        }
    }

    private static void CheckNode(RawNode node, bool first)
    {
        if (first != node.Layer is Input)
        {
            throw new ModelException($"layer '{node.Name}': an input must be the first layer, and only that");
        }

        if (first && (node.Name != "input" || node.Inputs.Length > 0 || node.Tensors.Length > 0))
        {
            throw new ModelException($"layer '{node.Name}': expected the name 'input', no inputs and no tensors");
        }

        if (node.Inputs.Length > RawFormat.MaxNodeInputs || node.Inputs.Any(i => i is null))
        {
            throw new ModelException($"layer '{node.Name}': expected the names of at most {RawFormat.MaxNodeInputs} inputs");
        }

        try
        {
            LayerLimits.Check(node.Layer);
        }
        catch (ModelException e)
        {
            throw new ModelException($"layer '{node.Name}' ({node.Layer.Kind}): {e.Message}", e);
        }
    }

    private static void CheckPreprocessing(RawDocument document)
    {
        int channels = ((Input)document.Architecture[0].Layer).Channels;
        if (channels is not (1 or 3))
        {
            throw new ModelException($"{channels} input channels, expected 3 (RGB) or 1 (grey)");
        }

        document.Preprocessing.Check(channels, document.LongerSide);
    }

    private static void CheckLabels(RawDocument document)
    {
        if (!document.IsClassifier)
        {
            if (document.Labels.Length > 0)
            {
                throw new ModelException($"{document.Labels.Length} labels of a network without classes, expected none");
            }

            return;
        }

        if (document.Labels.Length is 0 or > RawFormat.MaxLabels)
        {
            throw new ModelException($"{document.Labels.Length} labels, expected 1 to {RawFormat.MaxLabels}");
        }

        for (int i = 0; i < document.Labels.Length; i++)
        {
            if (!Text.IsName(document.Labels[i], RawFormat.MaxLabelLength))
            {
                throw new ModelException($"label {i} is empty, too long or holds control characters");
            }
        }
    }
}
