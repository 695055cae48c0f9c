using System.CommandLine;
using Interp.Engine.Adversarial;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Penalties;
using Interp.Engine.Visualization.Optimizers;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Engine.Visualization.Transforms;

namespace Interp.Cli.Visualization;

/// <summary>How images are optimised, as options of the command line.</summary>
internal static class VisualizeFlags
{
    /// <summary>Of pixels themselves: some two and a half grey levels a step.</summary>
    private const double RateWithin = 0.01;

    private static readonly VisualizationOptions s_standard = new();

    private static readonly Option<int> s_steps = TypedOption.Whole(
        "--steps", "Steps of the optimisation, all octaves together", s_standard.Steps, 1, 1_000_000);

    private static readonly Option<int> s_size = TypedOption.Whole(
        "--size", "The image's shorter side in pixels; 0: the network's input", 0, 0, 4096);

    private static readonly Option<double?> s_rate =
        TypedOption.OptionalReal("--lr", "Learning rate [default: the optimiser's own]", "a number above 0, at most 1000", x => x is > 0
            and <= 1000);

    private static readonly Option<string> s_transforms = new("--transforms")
    {
        Description = "Random changes a step: robust, none, or such as jitter:8,rotate:-5..5,flip",
        HelpName = "LIST",
        DefaultValueFactory = _ => "robust",
    };

    private static readonly Option<string> s_parametrization =
        TypedOption.Choice("--parametrization", "What is optimised", s_standard.Parametrization.Name,
            [.. ParametrizationCatalog.All.Names]);

    private static readonly Option<double> s_decay =
        TypedOption.Real("--decay", "fft: how fast frequencies lose weight; 0: none does, 2: coarse forms win",
            s_standard.ParametrizationOptions.Decay, 0, 4);

    private static readonly Option<bool> s_decorrelate = TypedOption.Switch(
        "--decorrelate", "Let colours vary together, as in photos", s_standard.ParametrizationOptions.Decorrelate);

    private static readonly Option<string> s_optimizer = TypedOption.Choice(
        "--optimizer", "What climbs the objective", s_standard.Optimizer.Name, [.. OptimizerCatalog.All.Names]);

    private static readonly Option<string> s_schedule = TypedOption.Choice(
        "--schedule", "How the learning rate falls", s_standard.Schedule.Name, [.. RateSchedule.All.Names]);

    private static readonly Option<string> s_from = TypedOption.Text(
        "--from", "Start from this image, or grey, instead of noise", "IMAGE|grey");

    private static readonly Option<string> s_within = TypedOption.Text(
        "--within", "Stay this near to the photo of --from: 8/255, linf:8/255, l2:3, or any", "NORM:EPS");

    private static readonly Option<double> s_variation = TypedOption.Real("--tv", "Weight against total variation", 0, 0, 1e9);

    private static readonly Option<double> s_l1 = TypedOption.Real("--l1", "Weight against the mean distance from grey", 0, 0, 1e9);

    private static readonly Option<double> s_l2 = TypedOption.Real("--l2", "Weight against the mean squared distance from grey", 0, 0, 1e9);

    private static readonly Option<int> s_octaves = TypedOption.Whole(
        "--octaves", "Sizes that the image grows through, 1.4 times each", s_standard.Octaves, 1, 10);

    private static readonly Option<double> s_clip = TypedOption.Real(
        "--gradient-clip", "The largest norm of a gradient; 0: any", 0, 0, 1e12);

    private static readonly Option<int> s_blur = TypedOption.Whole(
        "--blur-every", "Smooth the image a little every N steps; 0: never", 0, 0, 1_000_000);

    private static readonly Option<int> s_redirect = TypedOption.Whole(
        "--redirect-steps", "First steps in which ReLUs pass gradients that wake a dead unit", s_standard.RedirectedSteps, 0, 1_000_000);

    private static readonly Option<int> s_patience = TypedOption.Whole(
        "--patience", "Stop when N steps bring nothing over the N before; 0: never", 0, 0, 1_000_000);

    private static readonly Option<double?> s_until = TypedOption.OptionalReal(
        "--until-probability", "Stop when the saved image has this probability of the class", "a number above 0 and below 1", x =>
        x is > 0 and < 1);

    private static readonly Option<int> s_count = TypedOption.Whole(
        "--count", "Images optimised together, for objectives that compare them", 1, 1, 64);

    private static readonly Option<int> s_restarts = TypedOption.Whole(
        "--restarts", "Runs with other random numbers; the best is kept", 1, 1, 1000);

    internal static IEnumerable<Option> All =>
    [
        s_steps, s_size, s_rate, s_transforms, s_parametrization, s_decay, s_decorrelate, s_optimizer, s_schedule, s_from, s_within,
        s_variation, s_l1, s_l2, s_octaves, s_clip, s_blur, s_redirect, s_patience,
        s_until, s_count, s_restarts,
    ];

    /// <exception cref="InputException">A value is not possible, or the start image cannot be read.</exception>
    internal static VisualizePlan Read(Invocation run, Network network) => Read(run, network, run.Get(s_within), s_within.Name);

    /// <summary>How the images of a strip are made, before each has its own distance and transforms.</summary>
    /// <inheritdoc cref="Read(Invocation, Network)"/>
    internal static VisualizePlan ReadStrip(Invocation run, Network network, string strip)
    {
        Option? lost = ((Option[])[s_within, s_size, s_count]).FirstOrDefault(run.IsGiven);
        return lost is null ? Read(run, network, "any", strip)
            : throw new InputException($"{lost.Name} does not go with {strip}, whose images go through distances at the network's size");
    }

    /// <summary>The random changes that were asked for.</summary>
    internal static string Transforms(Invocation run) => run.Get(s_transforms);

    /// <summary>The photo to start from.</summary>
    internal static string? From(Invocation run) => run.Get(s_from);

    private static VisualizePlan Read(Invocation run, Network network, string? near, string asked)
    {
        string? from = run.Get(s_from);
        double? rate = run.Get(s_rate), until = run.Get(s_until);
        int size = run.Get(s_size);
        int least = Math.Min(32, Math.Min(network.Preprocessing.Height, network.Preprocessing.Width));
        if (size > 0 && size < least)
        {
            throw new InputException($"--size {size}: expected at least {least}, or 0 for the network's input size");
        }

        ImageReach? within = Within(run, from, near, asked);
        if (within is not null)
        {
            rate ??= RateWithin;
            run.NoteIdle(true, $"with {asked}", s_decorrelate, s_decay);
        }

        run.NoteIdle(network.InputChannels == 1, "on grey images", s_decorrelate);
        run.NoteIdle(run.Get(s_parametrization) != "fft", $"with {s_parametrization.Name} {run.Get(s_parametrization)}", s_decay);
        var options = new VisualizationOptions
        {
            Steps = run.Get(s_steps),
            Size = size,
            Rate = rate,
            Transforms = TransformChain.Parse(within is null || run.IsGiven(s_transforms) ? run.Get(s_transforms) : "none"),
            Parametrization = ParametrizationCatalog.All.Find(run.Get(s_parametrization)),
            Within = within,
            ParametrizationOptions = new ParametrizationOptions { Decay = run.Get(s_decay), Decorrelate = run.Get(s_decorrelate) },
            Optimizer = OptimizerCatalog.All.Find(run.Get(s_optimizer)),
            Schedule = RateSchedule.All.Find(run.Get(s_schedule)),
            FromGrey = from == "grey",
            From = from is null or "grey" ? null : StartImage(run, from, size, network),
            Octaves = run.Get(s_octaves),
            GradientClip = run.Get(s_clip) is > 0 and var clip ? clip : double.PositiveInfinity,
            BlurEvery = run.Get(s_blur),
            RedirectedSteps = run.Get(s_redirect),
            Patience = run.Get(s_patience),
            UntilProbability = until,
            Count = run.Get(s_count),
            Seed = run.Get(SharedOptions.Seed),
        };
        (Objective, double)[] penalties = [.. Penalties().Where(p => p.Item2 > 0)];
        return new VisualizePlan(options, penalties, run.Get(s_restarts), [.. All.Select(o => ($"{o.Name[2..]}", Shown(run, o, options)))]);

        IEnumerable<(Objective, double)> Penalties() =>
            [(new TotalVariationObjective(), run.Get(s_variation)), (new L1Objective(), run.Get(s_l1)), (new L2Objective(), run.Get(s_l2))];
    }

    /// <summary>The photo with its shorter side at the wanted size; as the network would see it where none is wanted.</summary>
    private static RgbImage StartImage(Invocation run, string path, int size, Network network)
    {
        if (size == 0)
        {
            NetworkInput input = NetworkInput.FromImage(ImageFile.ReadBytes(path, run.Cancel), path, network);
            Remark(input.Remark);
            return input.Image;
        }

        RgbImage image = ImageFile.Read(path, run.Cancel);
        Remark(image.Remark);
        double scale = size / (double)Math.Min(image.Width, image.Height);
        return Resampling.Resize(image, Math.Max(size, (int)Math.Round(image.Width * scale)),
            Math.Max(size, (int)Math.Round(image.Height * scale)));

        void Remark(string? remark)
        {
            if (remark is not null)
            {
                run.Note($"{path}: {remark}");
            }
        }
    }

    /// <summary>How far the image may go from its start.</summary>
    private static ImageReach? Within(Invocation run, string? from, string? near, string asked)
    {
        if (near is not { } text)
        {
            return null;
        }

        if (from is null or "grey")
        {
            throw new InputException($"{asked}: give the photo to start from, with {s_from.Name} IMAGE");
        }

        if (run.IsGiven(s_parametrization) && run.Get(s_parametrization) != "pixel")
        {
            throw new InputException($"{asked} changes pixels within a distance of a photo: expected {s_parametrization.Name} pixel, "
                + $"found {run.Get(s_parametrization)}");
        }

        Option? lost = run.Get(s_octaves) > 1 ? s_octaves : run.Get(s_blur) > 0 ? s_blur : null;
        return lost is null ? Reach(text)
            : throw new InputException($"{lost.Name} does not go with {asked}: a distance from a photo is one at a single size");
    }

    /// <summary>Reads <c>8/255</c>, <c>linf:8/255</c>, <c>l2:3</c> or <c>any</c>.</summary>
    private static ImageReach Reach(string text)
    {
        string[] parts = text.Split(':', 2);
        try
        {
            return text == "any" ? new ImageReach(PixelNorm.LInf, double.PositiveInfinity)
                : new ImageReach(parts.Length == 1 ? PixelNorm.LInf : PixelNorm.All.Find(parts[0]), Epsilon.Parse(parts[^1]).Value);
        }
        catch (InputException e)
        {
            throw new InputException($"{s_within.Name} {text}: {e.Message}", e);
        }
    }

    private static object Shown(Invocation run, Option option, VisualizationOptions options) => option switch
    {
        _ when options.Within is not null && option == s_parametrization => "pixel",
        _ when options.Within is not null && option == s_transforms && !run.IsGiven(s_transforms) => "none",
        _ when options.Within is not null && option == s_rate => options.Rate!,
        Option<int> o => run.Get(o),
        Option<double> o => run.Get(o),
        Option<bool> o => run.Get(o),
        Option<double?> o => run.Get(o) is { } value ? value : "",
        Option<string> o => run.Get(o) ?? "",
        _ => throw new InvalidOperationException(option.Name),
    };
}

/// <summary>How images are optimised.</summary>
/// <param name="Options">For the engine.</param>
/// <param name="Penalties">What is subtracted from every objective, with weights.</param>
/// <param name="Restarts">Runs of which the best is kept.</param>
/// <param name="Values">Every option with its value, for manifests.</param>
internal sealed record VisualizePlan(VisualizationOptions Options, IReadOnlyList<(Objective Term, double Weight)> Penalties, int Restarts,
    IReadOnlyList<(string Name, object Value)> Values)
{
    /// <summary>Throws if a class's probability is asked of something that is no class.</summary>
    internal void Check(VisualizeTarget target)
    {
        if (Options.UntilProbability is not null && (target.Class is null || target.IsNegative))
        {
            throw new InputException("--until-probability goes with --class, without --negative");
        }
    }
}
