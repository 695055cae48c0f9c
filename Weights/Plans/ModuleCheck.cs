using System.Collections.Frozen;
using System.Globalization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>
/// Compares a planned network with what the file's modules say of themselves, where it holds whole modules: a plan follows from names and
/// shapes, and assumes what those do not hold.
/// </summary>
internal static class ModuleCheck
{
    private const string SaveStateDict = "if it is right all the same, save model.state_dict() and convert that";

    /// <summary>PyTorch's classes of the activation functions.</summary>
    private static readonly FrozenDictionary<string, string> Functions = new Dictionary<string, string>
    {
        ["ReLU6"] = "relu6", ["SiLU"] = "silu", ["Swish"] = "silu", ["Hardswish"] = "hardswish", ["Hardsigmoid"] = "hardsigmoid",
        ["Sigmoid"] = "sigmoid", ["Tanh"] = "tanh", ["GELU"] = "gelu",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>PyTorch's classes of modules that do nothing when a network is used, or only arrange numbers.</summary>
    private static readonly FrozenSet<string> Idle = new[]
    {
        "Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout", "StochasticDepth", "DropPath",
        "Flatten", "Permute", "Sequential", "ModuleList",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Batch norms, which are merged into their neighbours.</summary>
    private static readonly FrozenSet<string> Merged =
        new[] { "BatchNorm1d", "BatchNorm2d", "SyncBatchNorm", "FrozenBatchNorm2d" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Checks every node that has a module of its name, and says which modules have no node.</summary>
    /// <exception cref="ModelException">A module is of another class than its node, or works otherwise.</exception>
    internal static void Require(ModelPlan plan, ModuleTree modules)
    {
        foreach (PlannedNode node in plan.Nodes)
        {
            if (modules.Find(node.Name) is { } saved && Difference(node.Layer, saved) is { } difference)
            {
                throw new ModelException($"module '{Text.OneLine(saved.Path)}' {difference}; networks that differ so cannot be read; "
                    + SaveStateDict);
            }
        }

        var planned = plan.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var parents = modules.All.Select(m => m.Path[..Math.Max(0, m.Path.LastIndexOf('.'))]).ToHashSet(StringComparer.Ordinal);
        SavedModule[] left = [.. modules.All.Where(m => m.Path.Length > 0 && !planned.Contains(m.Path) && !parents.Contains(m.Path)
            && !Idle.Contains(m.Kind) && !Merged.Contains(m.Kind))];
        if (left.Length > 0)
        {
            string some = string.Join(", ", left.Take(4).Select(m => $"'{Text.OneLine(m.Path)}' ({Text.OneLine(m.Kind)})"));
            string more = left.Length > 4 ? $" and {left.Length - 4} more modules" : "";
            plan.Assume($"{some}{more} of the file have no place in the network");
        }
    }

    /// <summary>What a module has that the layer has not, or null.</summary>
    private static string? Difference(Layer layer, SavedModule saved) => layer switch
    {
        Conv2d conv => Window(conv.Window, saved) ?? Number(saved, "groups", conv.Groups) ?? Word(saved, "padding_mode", "zeros"),
        MaxPool2d pool => Kind(saved, "MaxPool2d") ?? Window(pool.Window, saved) ?? Flag(saved, "ceil_mode", pool.CeilMode),
        AvgPool2d pool => Kind(saved, "AvgPool2d") ?? Window(pool.Window, saved) ?? Flag(saved, "ceil_mode", pool.CeilMode)
            ?? Flag(saved, "count_include_pad", pool.CountPadding)
            ?? (saved.Number("divisor_override") is { } divisor ? Has("divisor_override", Shown(divisor), "None") : null),
        AdaptiveAvgPool2d pool when saved.Kind == "AdaptiveAvgPool2d" => Sizes(saved, "output_size", pool.Output),
        ReLU => Kind(saved, "ReLU"),
        Activation activation => Functions.GetValueOrDefault(saved.Kind) == activation.Function
            ? Word(saved, "approximate", "none") // GELU's.
            : Other(saved, activation.Function),
        GroupNorm norm => Number(saved, "eps", norm.Epsilon) ?? Number(saved, "num_groups", norm.Groups),
        LayerNorm norm => Number(saved, "eps", norm.Epsilon),
        Dropout or Identity => Idle.Contains(saved.Kind) || Merged.Contains(saved.Kind) ? null : Other(saved, layer.Kind),
        _ => null,
    };

    private static string? Kind(SavedModule saved, string expected) => saved.Kind == expected ? null : Other(saved, expected);

    private static string Other(SavedModule saved, string expected) =>
        $"is of class {Text.OneLine(saved.Class)}, the network has {expected} there";

    private static string? Window(Window window, SavedModule saved) =>
        window.PaddingRule is not null || window.PaddingEnd is not null ? null // No module of PyTorch's has these.
        : Sizes(saved, "kernel_size", window.Kernel) ?? Sizes(saved, "stride", window.Stride) ?? Sizes(saved, "padding", window.Padding)
            ?? Sizes(saved, "dilation", window.Dilation);

    /// <summary>A pair that may be written as one number.</summary>
    private static string? Sizes(SavedModule saved, string name, Size2 expected) =>
        saved.Numbers(name) is not { Length: 1 or 2 } found || (found[0] == expected.H && found[^1] == expected.W)
            ? null
            : Has(name, string.Join('x', found.Select(n => n.ToString(CultureInfo.InvariantCulture))), $"{expected.H}x{expected.W}");

    private static string? Number(SavedModule saved, string name, double expected) =>
        saved.Number(name) is not { } found || found == expected ? null : Has(name, Shown(found), Shown(expected));

    private static string? Flag(SavedModule saved, string name, bool expected) =>
        saved.Flag(name) is not { } found || found == expected ? null : Has(name, $"{found}", $"{expected}");

    private static string? Word(SavedModule saved, string name, string expected) =>
        saved.Word(name) is not { } found || found == expected ? null : Has(name, $"'{Text.OneLine(found)}'", $"'{expected}'");

    private static string Has(string name, string found, string expected) => $"has the {name} {found}, the network {expected} there";

    private static string Shown(double number) => number.ToString(CultureInfo.InvariantCulture);
}
