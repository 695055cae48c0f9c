using Interp.Engine.Backends;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>
/// A way to say which pixels a class score comes from. A new method is one file with a subclass and one line in <see
/// cref="AttributionCatalog"/>;
/// command-line options, the table of methods and manifests follow from what it says of itself. Methods hold no state and can be shared
/// between threads.
/// </summary>
public abstract class AttributionMethod
{
    /// <summary>The name used on the command line and in folder names.</summary>
    public abstract string Name { get; }

    /// <summary>The name in words.</summary>
    public abstract string Title { get; }

    /// <summary>What it computes, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>What it computes as a formula: S the target's score, x the preprocessed input, A^k a layer's feature maps, ⊙ the product of
    /// each value with each.</summary>
    public abstract string Formula { get; }

    /// <summary>Where it comes from.</summary>
    public abstract string Paper { get; }

    /// <summary>What its values stand for.</summary>
    public abstract AttributionKind Kind { get; }

    /// <summary>What its values stand for with the given options; a map that keeps its sign says so here.</summary>
    public virtual AttributionKind KindWith(OptionValues options) => Kind;

    /// <summary>Its options.</summary>
    public virtual IReadOnlyList<MethodOption> Options => [];

    /// <summary>Values for all options: those given by name as text, defaults for the rest.</summary>
    /// <exception cref="Common.InputException">A name is unknown, or a value is not allowed.</exception>
    public OptionValues Configure(IReadOnlyDictionary<string, string>? given = null) =>
        new(Options, given ?? new Dictionary<string, string>());

    /// <summary>Options that change nothing beside the given values of others, with the reason: <c>--noise</c> while <c>--smooth</c> is
    /// 0.</summary>
    public virtual IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values) => [];

    /// <summary>What files that its options take are made of, or null if there are none.</summary>
    public virtual MethodGlossary? Glossary => null;

    /// <summary>Checks what depends on the network but not on the image, so that what is wrong is said before any image is
    /// explained.</summary>
    /// <exception cref="Common.InputException">A value does not fit the network.</exception>
    public virtual void Check(Graph.Network network, OptionValues values)
    {
    }

    /// <summary>
    /// About how many passes a request will cost, to be said before it starts: images forward and backward. An estimate: a method may find
    /// that it needs
    /// fewer, or run the image itself once more.
    /// </summary>
    public virtual Work EstimatedWork(AttributionRequest request) => new(1, 1);

    /// <summary>Explains. Deterministic: the same request gives the same bits at any number of threads.</summary>
    /// <exception cref="Common.ModelException">The image does not fit the network.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AttributionResult Explain(AttributionRequest request)
    {
        Work before = request.Explainer.Work;
        Traffic copied = request.Explainer.Backend.Traffic;
        Session session = request.Forward();
        float[] logits = session.Logits();
        double score = request.Target.Scores(session)[0];
        Explanation found = Compute(request);
        Shape input = session.InputShape;
        var shape = new Shape(Kind.IsMap() ? 1 : input[1], input[2], input[3]);
        if (found.Values.Length != shape.Count)
        {
            throw new InvalidOperationException($"{Name} gave {found.Values.Length} values for shape {shape}");
        }

        bool classifies = request.Network.Classes > 0;
        int c = request.Target.Class ?? Array.IndexOf(logits, logits.Max());
        return new AttributionResult(this, request.Target, request.Options, shape, found.Values)
        {
            Score = score,
            Logit = classifies ? logits[c] : float.NaN,
            Probability = classifies ? request.Network.OutputActivation.Probabilities(logits)[c] : double.NaN,
            Work = request.Explainer.Work - before - new Work(0, request.Record?.Backward ?? 0),
            Traffic = request.Explainer.Backend.Traffic - copied,
            Facts = found.Facts,
            Arrays = found.Arrays,
            Images = found.Images,
            Diagnosis = [.. Diagnosis.Of(found, request, logits)],
        };
    }

    /// <summary>The raw values, of the shape that <see cref="Kind"/> says, and what else there is to say.</summary>
    protected abstract Explanation Compute(AttributionRequest request);
}
