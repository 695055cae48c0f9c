using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>What the layers behind make of a layer's output.</summary>
/// <param name="Logit">z_c.</param>
/// <param name="Probability">p_c.</param>
/// <param name="SaysClass">Whether c has the largest logit; of a network of one class, whether p is at least ½.</param>
internal readonly record struct ClassAnswer(double Logit, double Probability, bool SaysClass);

/// <summary>Runs the layers behind a layer on outputs that are put together from concepts. Where paths lead around the layer, what they
/// carry stays the image's own.</summary>
internal sealed class ConceptTail
{
    private readonly Explainer _explainer;
    private readonly NetworkTail _tail;
    private readonly int _class;
    private float[][] _around = [];

    internal ConceptTail(Explainer explainer, Node layer, int target, NetworkInput like)
    {
        (_explainer, _class) = (explainer, target);
        _tail = NetworkTail.Behind(
            explainer.Network, layer, explainer.Network.Output, (like.Image.Height, like.Image.Width));
    }

    /// <summary>Whether paths lead around the layer.</summary>
    internal bool HasPathsAround => _tail.Around.Length > 0;

    /// <summary>How often the layers behind have run.</summary>
    internal long Runs { get; private set; }

    /// <summary>Takes what comes from around the layer on an image.</summary>
    internal void Enter(NetworkInput image, CancellationToken cancel)
    {
        float[,][] around = _tail.AroundOf(_explainer, [image], cancel);
        _around = [.. Enumerable.Range(0, _tail.Around.Length).Select(k => around[0, k])];
    }

    /// <summary>The class on the image's own maps.</summary>
    internal ClassAnswer Own(ReadOnlyMemory<float> maps, CancellationToken cancel) =>
        Answers(1, (_, x) => maps.Span.CopyTo(x), cancel)[0];

    /// <summary>The class on sums of the concepts' parts, each mask's own.</summary>
    internal ClassAnswer[] Masked(float[][] parts, IReadOnlyList<double[]> masks, CancellationToken cancel) =>
        Answers(masks.Count, (i, x) => ConceptBasis.Sum(parts, masks[i], x), cancel);

    private ClassAnswer[] Answers(int count, InputFiller fill, CancellationToken cancel)
    {
        Runs += count;
        return [.. _tail.Outputs(_explainer, count, fill, (_, k) => _around[k], cancel).Select(Answer)];
    }

    private ClassAnswer Answer(float[] logits)
    {
        OutputActivation output = _explainer.Network.OutputActivation;
        bool says = logits.Length == 1 ? logits[0] >= 0 : Array.IndexOf(logits, logits.Max()) == _class;
        return new ClassAnswer(logits[_class], output.Probabilities(logits)[_class], says);
    }
}
