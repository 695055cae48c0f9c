using System.Buffers.Binary;
using Interp.Cli.Output;
using Interp.Engine.Graph;
using Interp.Engine.Influence;
using Interp.Engine.Training;

namespace Interp.Cli.Influence;

/// <summary>A head, and what is known of it.</summary>
/// <param name="Problem">The head with its training images.</param>
/// <param name="Agreement">How far it speaks for the network, or null where that cannot be said.</param>
/// <param name="Settings">A digest of everything that it depends on.</param>
internal sealed record KnownHead(InfluenceProblem Problem, AgreementLine? Agreement, string Settings);

/// <summary>How far a head speaks for the network whose features it reads, on images that it was not trained on.</summary>
/// <param name="Images">Images.</param>
/// <param name="Top1">The share on which both say the same class.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Chance">What that share would be by chance.</param>
/// <param name="Divergence">Mean Kullback-Leibler divergence of the head from the network, in nats.</param>
/// <param name="NetworkRight">The share on which the network says the folder's class.</param>
internal sealed record AgreementLine(
    int Images, double Top1, double Low, double High, double Chance, double Divergence, double NetworkRight);

/// <summary>Trained heads in a folder, so that a second question about the same training images need not train again.</summary>
/// <param name="run">The command's run.</param>
/// <param name="store">Where the features are kept; heads lie below it.</param>
internal sealed class HeadStore(Invocation run, FeatureStore store)
{
    private const string WeightsName = "weights.bin";

    /// <summary>The head of some training images, as it is kept or else trained and kept.</summary>
    internal KnownHead Of(TrainingSet set, InfluenceOptions options)
    {
        string settings = SettingsHash.Of(
            ["head", $"{options.L2} {options.Validation} {options.Seed} {options.Tolerance}", .. set.Settings]);
        var folder = new ResultFolder<HeadManifest>(Path.Combine(store.Folder, settings), InfluenceJson.Strict.HeadManifest);
        if (folder.Existing(settings) is { } found && Weights(folder) is { } weights
            && weights.Length == (set.Data.Features + 1) * set.Data.Classes)
        {
            return new KnownHead(
                InfluenceProblem.From(set.Data, found.L2, weights, [.. found.Trials], options, run.Cancel), found.Agreement, settings);
        }

        InfluenceProblem problem = run.Progress("training the head,").Run(report => InfluenceProblem.Of(
            set.Data, options, p => report($"{p.Stage}, gradient norm {p.GradientNorm:0.0e+0}", p.Index, p.Stages), run.Cancel));
        folder.Begin(settings);
        folder.Add(WeightsName, s => Write(s, problem.Optimum.Weights));
        AgreementLine? agreement = Agreement(set, options, problem.L2);
        folder.Finish(new HeadManifest
        {
            Settings = settings,
            L2 = problem.L2,
            GradientNorm = problem.Fit.GradientNorm,
            Shape = [problem.Objective.Inputs, set.Data.Classes],
            Trials = problem.Trials,
            Agreement = agreement,
            Files = [WeightsName],
            Sha256 = folder.SumsOf([WeightsName]),
        });
        return new KnownHead(problem, agreement, settings);
    }

    /// <summary>How far the head speaks for the network: a head that was trained without the held-out images, on those.</summary>
    private AgreementLine? Agreement(TrainingSet set, InfluenceOptions options, double l2)
    {
        Network network = store.Network;
        if (options.Validation == 0 || set.Probabilities(network, set.Output(0)) is null)
        {
            return null;
        }

        (int[] rest, int[] others) = set.Split(options);
        var without = InfluenceProblem.Of(set.Data.Select(rest), options with { L2 = l2, Validation = 0 }, null, run.Cancel);
        double[][] own = [.. others.Select(i => set.Probabilities(network, set.Output(i))!)];
        var found = SurrogateAgreement.Of(without, [.. others.Select(i => set.Data.Row(i).ToArray())], own);
        int right = others.Where((image, i) => Array.IndexOf(own[i], own[i].Max()) == set.Classes[image]).Count();
        return new AgreementLine(others.Length, found.Top1.Share, found.Top1.Low, found.Top1.High, found.ChanceTop1, found.Divergence,
            (double)right / others.Length);
    }

    private static double[]? Weights(ResultFolder<HeadManifest> folder)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder.Path, WeightsName));
            var weights = new double[bytes.Length / sizeof(double)];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)));
            }

            return weights.All(double.IsFinite) ? weights : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Write(Stream stream, ReadOnlySpan<double> weights)
    {
        var bytes = new byte[weights.Length * sizeof(double)];
        for (int i = 0; i < weights.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), weights[i]);
        }

        stream.Write(bytes);
    }
}

/// <summary>What vouches for a kept head.</summary>
internal sealed record HeadManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    /// <summary>λ.</summary>
    public required double L2 { get; init; }

    /// <summary>‖∇L(W)‖.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Shape of W, <c>[d+1,classes]</c>: float64, the least byte first.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    public required IReadOnlyList<L2Trial> Trials { get; init; }

    public required AgreementLine? Agreement { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }
}
