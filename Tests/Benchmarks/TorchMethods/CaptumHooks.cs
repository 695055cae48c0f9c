using Interp.Engine.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks.TorchMethods;

/// <summary>captum's methods that change the backward pass by hooks.</summary>
internal static class CaptumHooks
{
    private const double DeepLiftEpsilon = 1e-10;
    private const double LrpEpsilon = 1e-9;

    /// <summary>ReLU(gradient at the ReLU's input).</summary>
    public static TorchMethod GuidedBackprop { get; } = new("captum GuidedBackprop", "1/1", "1", s => Guided(s));

    /// <summary>ReLU(gradient from above).</summary>
    public static TorchMethod Deconvolution { get; } = new("captum Deconvolution", "1/1", "1", s => Walk(s, (step, upper) =>
    {
        Tensor gradient = step.Gradient(upper); // Autograd computes it before the hook puts another in its place.
        return step.Node.Layer is ReLU ? upper.relu() : gradient;
    }));

    /// <summary>The image and a baseline of zeros in one batch; at ReLUs and pools slopes between the two.</summary>
    public static TorchMethod DeepLift { get; } = new("captum DeepLift", "2/2", "2", s =>
    {
        Tensor baseline = zeros_like(s.Image);
        var walk = new TorchWalk(s.Network, cat([s.Image, baseline]));
        Tensor multipliers = walk.Backward(s.Seed(walk.Output), Rescale);
        multipliers.chunk(2)[0].mul(s.Image - baseline);
    });

    /// <summary>A forward pass for the rules to prepare themselves, then one with hooks; the epsilon rule at every layer but
    /// ReLUs.</summary>
    public static TorchMethod Lrp { get; } = new("captum LRP, EpsilonRule", "2/1", "1", s =>
    {
        s.Network.RunForward(s.Image);
        Walk(s, (step, upper) =>
        {
            if (step.Node.Layer is ReLU or Flatten)
            {
                return step.Node.Layer is ReLU ? upper : step.Gradient(upper);
            }

            Tensor output = step.Output.detach();
            return step.Gradient(upper / (output + (output.sign() * LrpEpsilon))) * step.Input.detach();
        });
    });

    /// <summary>Guided backpropagation's gradient at the image.</summary>
    public static Tensor Guided(TorchSubject subject) => Walk(subject, (step, upper) =>
    {
        Tensor gradient = step.Gradient(upper);
        return step.Node.Layer is ReLU ? gradient.relu() : gradient;
    });

    private static Tensor Walk(TorchSubject subject, Func<TorchWalk.Step, Tensor, Tensor> rule)
    {
        var walk = new TorchWalk(subject.Network, subject.Image);
        return walk.Backward(subject.Seed(walk.Output), rule);
    }

    private static Tensor Rescale(TorchWalk.Step step, Tensor upper)
    {
        Tensor gradient = step.Gradient(upper);
        if (step.Node.Layer is not (ReLU or MaxPool2d))
        {
            return gradient;
        }

        Tensor[] inputs = step.Input.detach().chunk(2), outputs = step.Output.detach().chunk(2);
        Tensor half = inputs[0] - inputs[1];
        Tensor change = cat([half, half]);
        Tensor slope = step.Node.Layer is MaxPool2d pool ? Unpooled(pool, step.Input.detach(), outputs, upper) / change
            : upper * cat([outputs[0] - outputs[1], outputs[0] - outputs[1]]) / change;
        return where(change.abs() < DeepLiftEpsilon, gradient, slope);
    }

    /// <summary>What the outputs change by, against the larger of both, put back where the maxima were, both halves added.</summary>
    private static Tensor Unpooled(MaxPool2d pool, Tensor input, Tensor[] outputs, Tensor upper)
    {
        Tensor larger = outputs[0].maximum(outputs[1]);
        Tensor change = cat([larger - outputs[1], outputs[0] - larger]);
        (_, Tensor indices) = nn.functional.max_pool2d_with_indices(input, TorchNetwork.Pair(pool.Window.Kernel),
            TorchNetwork.Pair(pool.Window.Stride), TorchNetwork.Pair(pool.Window.Padding));
        Tensor[] halves = zeros_like(input).flatten(2).scatter(2, indices.flatten(2), (upper * change).flatten(2)).view(input.shape).chunk(
            2);
        Tensor sum = halves[0] + halves[1];
        return cat([sum, sum]);
    }
}
