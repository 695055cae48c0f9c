using System.Collections.Immutable;
using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Cam;

/// <summary>Says why a class activation map is empty.</summary>
internal static class CamDiagnosis
{
    /// <summary>One message for an empty result; for several layers, one for each that adds nothing.</summary>
    internal static ImmutableArray<string> Of(IReadOnlyList<CamMap> maps) => maps.All(m => m.Empty is not null)
        ? [$"map is empty: {string.Join("; ", maps.Select(m => m.Empty))}"]
        : [.. maps.Where(m => m.Empty is not null).Select(m => $"layer {m.Layer.Name} adds nothing: {m.Empty}")];

    /// <summary>Why all values of a map are 0, when they are.</summary>
    internal static string WhyEmpty(CamMethod method, FeatureMaps maps, RawMap raw)
    {
        (AttributionRequest request, Node layer) = (maps.Request, maps.Layer);
        Node target = request.Target.NodeIn(request.Network);
        if (!maps.Activation.ContainsAnyExcept(0f))
        {
            return $"every feature map of layer {layer.Name} is 0; try an earlier layer (option 'layer')";
        }

        if (!method.IsClassAgnostic && !GraphPaths.Lead(request.Network, layer, target))
        {
            return $"the {request.Target.Description} does not depend on layer {layer.Name}; choose a layer (option 'layer') that leads "
                + $"to {target.Name}";
        }

        if (method.UsesGradient && !maps.Gradient.ContainsAnyExcept(0f))
        {
            string why = request.Target is ClassTarget { Probability: true }
                ? "the probability is saturated; explain the logit instead"
                : "no ReLU behind it lets anything back";
            return $"the gradient of the {request.Target.Description} is 0 everywhere at layer {layer.Name}: {why}";
        }

        double largest = raw.Values.Max();
        if (largest < 0 || raw.Values.Any(v => v < 0))
        {
            bool noWeight = raw.Weights is { } w && Array.TrueForAll(w, v => v <= 0);
            string what = noWeight ? "no weight is positive" : "the weighted sum is nowhere positive";
            return FormattableString.Invariant(
                $"{what} at layer {layer.Name}, so the ReLU left nothing; the largest value before it was {largest:G4}; ")
                + "try option 'no-relu' for the signed map, or another layer (option 'layer')";
        }

        return raw.Weights is { } all && Array.TrueForAll(all, v => v == 0)
            ? $"no feature map of layer {layer.Name} has a weight"
            : $"the weighted maps of layer {layer.Name} add up to 0 everywhere";
    }
}
