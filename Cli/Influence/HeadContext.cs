using Interp.Cli.Output;
using Interp.Cli.Training;
using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Influence;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>The network, the training images and the head that all forms of the command need.</summary>
/// <param name="Explainer">The network.</param>
/// <param name="Store">The features.</param>
/// <param name="Set">The training images.</param>
/// <param name="Head">The head.</param>
internal sealed record HeadContext(Explainer Explainer, FeatureStore Store, TrainingSet Set, KnownHead Head)
{
    /// <summary>Below this share of equal answers a head does not speak for the network.</summary>
    private const double LeastAgreement = 0.6;

    internal Network Network => Explainer.Network;

    internal Node Layer => Store.Layer;

    internal InfluenceProblem Problem => Head.Problem;

    /// <summary>The facts for manifests.</summary>
    internal HeadLine Line => new(
        Set.Folder, Layer.Name, Set.Data.Features, Set.Data.Classes, Set.Data.Count, Set.Skipped, Problem.L2, Problem.Trials.Length,
        Problem.Options.Validation, Problem.Fit.GradientNorm, AccuracyLine.Of(Problem.HeldOut), Head.Agreement);

    /// <summary>Reads the training images and trains the head, or takes both as they are kept.</summary>
    internal static HeadContext Of(Invocation run, Explainer explainer, FeatureStore store, ClassFolders folders)
    {
        var set = TrainingSet.Of(run, store, InfluenceFlags.Train(run), folders);
        InfluenceOptions options = InfluenceFlags.Read(run);
        if (options.L2 is not null && set.Classes.GroupBy(c => c).All(g => g.Count() == 1))
        {
            run.Note("every class has one image: none can be held out, and how good the head is cannot be said");
            options = options with { Validation = 0 };
        }

        return new HeadContext(explainer, store, set, new HeadStore(run, store).Of(set, options));
    }

    /// <summary>The head in words, a line each.</summary>
    internal static IEnumerable<string> Words(HeadLine head, string model)
    {
        yield return FormattableString.Invariant(
            $"head: {head.Classes} classes on {head.Features} features of {head.Layer} of {model}, {Readable.Count(head.Images)} training ")
            + FormattableString.Invariant($"images, penalty {head.L2:g3}, gradient norm {head.GradientNorm:0.0e+0}");
        yield return head.HeldOut is { } a
            ? FormattableString.Invariant(
                $"without {a.Images} held-out images it is right on {100 * a.Top1.Share:0.0} % of them ({100 * a.Top1.Low:0.0} to ")
                + FormattableString.Invariant($"{100 * a.Top1.High:0.0} %), where chance gives {100 * a.Top1.Chance:0.0} %")
            : "how good it is was not measured: nothing was held out";
        yield return head.Agreement is { } g
            ? FormattableString.Invariant(
                $"it speaks for the network: the same class on {100 * g.Top1:0.0} % of them (chance {100 * g.Chance:0.0} %), divergence ")
                + FormattableString.Invariant($"{g.Divergence:0.00} nats; the network itself is right on {100 * g.NetworkRight:0.0} %")
            : "how far it speaks for the network cannot be said: the network does not have all of these classes";
    }

    /// <summary>What is doubtful about the head, or null.</summary>
    internal static string? Doubt(HeadLine head) => head.Agreement is { } g && g.Top1 < LeastAgreement
        ? FormattableString.Invariant(
            $"the head and the network say the same class on only {100 * g.Top1:0.0} % of the held-out images: what follows is about the ")
            + "head more than about the network; a later --layer may speak for it better"
        : null;
}
