using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Weights.Architectures;

/// <summary>Activations by the names that timm gives them.</summary>
internal static class TimmActivation
{
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["swish"] = "silu", ["hard_swish"] = "hardswish", ["hard_sigmoid"] = "hardsigmoid",
    };

    /// <exception cref="ModelException">There is none of that name.</exception>
    internal static Layer Of(string name)
    {
        string ours = Others.GetValueOrDefault(name, name);
        return ours == "relu" ? new ReLU()
            : ActivationFunctions.All.FirstOrDefault(f => f.Name == ours) is { } function ? Activation.Of(function)
            : throw new ModelException($"timm's activation '{Text.OneLine(name)}' is not known; known are relu, "
                + string.Join(", ", ActivationFunctions.All.Names));
    }
}
