using Interp.Engine.Backends;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution;

/// <summary>
/// Looks for the layer at which something goes wrong, with a session that keeps every layer. Opened only when a map has turned out to be
/// useless, so that the
/// usual run pays nothing.
/// </summary>
internal static class LayerProbe
{
    /// <summary>The first layer whose activations are not finite, in words, or null if all are.</summary>
    internal static string? FirstNotFinite(Explainer explainer, NetworkInput input, CancellationToken cancel)
    {
        using Session session = Open(explainer, input, backward: false, cancel);
        Node? first = explainer.Network.Nodes.FirstOrDefault(n => session.Activation(n).Any(a => !float.IsFinite(a)));
        return first is null ? null : $"the activations of layer {first.Name} ({first.Layer.Kind}) are the first that are not finite";
    }

    /// <summary>The layer at which backpropagation of the target first gives gradients that are not finite, in words, or null if all
    /// are.</summary>
    internal static string? FirstGradientNotFinite(AttributionRequest request, ReluRule rule)
    {
        using Session session = Open(request.Explainer, request.Input, backward: true, request.Cancel);
        session.Backward(rule, request.Cancel, request.Target.Seed(session));
        Node? first = request.Network.Nodes.LastOrDefault(n => session.Gradient(n).Any(g => !float.IsFinite(g)));
        return first is null ? null
            : $"the gradients at the output of layer {first.Name} ({first.Layer.Kind}) are the first on the way back that are not finite";
    }

    /// <summary>The layer at which backpropagation of the target comes to nothing, and why, or null if it reaches the input.</summary>
    internal static string? WhereGradientEnds(AttributionRequest request, ReluRule rule)
    {
        using Session session = Open(request.Explainer, request.Input, backward: true, request.Cancel);
        Node start = request.Target.NodeIn(request.Network);
        session.Backward(rule, request.Cancel, request.Target.Seed(session));
        HashSet<int> alive = [.. request.Network.Nodes.Where(n => session.Gradient(n).Any(g => g != 0)).Select(n => n.Id)];
        if (!alive.Contains(start.Id))
        {
            return $"its derivative is 0 at layer {start.Name} already";
        }

        // From the target down: the last layer that still has a gradient while none of what it reads has.
        Node? end = request.Network.Nodes.Reverse().FirstOrDefault(
            n => n.Id > 0 && alive.Contains(n.Id) && n.Inputs.All(i => !alive.Contains(i)));
        return end is null || alive.Contains(0) ? null
            : $"it ends at layer {end.Name} ({end.Layer.Kind}): "
            + $"{Reason(end, session, rule, canChooseRule: request.Options.First<ReluRule>() is not null)}";
    }

    private static string Reason(Node node, Session session, ReluRule rule, bool canChooseRule)
    {
        if (node.Layer is not (ReLU or Activation or PReLU))
        {
            return node.Layer is Multiply ? "its other factor is 0 wherever a gradient comes from above"
                : "its weights let nothing through";
        }

        float[] below = session.Activation(session.Network.Nodes[node.Inputs[0]]), upstream = session.Gradient(node);
        bool isDead = node.Layer is ReLU or Activation { F.Role: ActivationRole.Rectifier } && below.All(a => !(a > 0));
        bool isNegative = upstream.All(g => !(g > 0));
        if (node.Layer is Activation { F: { } f } && !isDead && (!isNegative || rule.For(f) != rule))
        {
            return $"its slope is 0 wherever a gradient comes from above, as {f.Formula} is flat at its ends";
        }

        return isDead && rule.Name != ReluRules.Deconvnet.Name
            ? $"none of its inputs is above 0, so it is off everywhere; try another class or "
            + $"unit{(canChooseRule ? ", or option 'relu-rule' deconvnet" : "")}"
            : isNegative && rule.Name != ReluRules.Vanilla.Name
            ? $"all gradients from above are negative and the rule {rule.Formula} drops them; try option 'relu-rule' vanilla"
            : "where it is on, no gradient comes from above";
    }

    private static Session Open(Explainer explainer, NetworkInput input, bool backward, CancellationToken cancel)
    {
        Session session = explainer.Backend.Open(explainer.Network, new SessionOptions
        {
            Height = input.Image.Height,
            Width = input.Image.Width,
            Backward = backward,
            Keep = [.. explainer.Network.Nodes],
        });
        try
        {
            session.Forward(input.Tensor, cancel);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
