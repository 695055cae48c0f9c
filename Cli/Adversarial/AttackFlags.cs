using System.CommandLine;
using Interp.Cli.Evaluation;
using Interp.Cli.Help;
using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli.Adversarial;

/// <summary>The options of <c>attack</c>.</summary>
internal static class AttackFlags
{
    internal const string TopClass = "top", Universal = "universal";

    internal static readonly Option<string[]> Method = new("--method")
    {
        Description = "Attacks, of those below; 'universal': one change for all images",
        HelpName = "NAME[,NAME...]",
        Required = true,
    };

    internal static readonly Option<string> EpsilonText = TypedOption.Text(
        "--epsilon", "How far it may go, in units of 0…1 pixels [default: 8/255, with l2 3]", "E");

    internal static readonly Option<bool> Minimal = TypedOption.Switch(
        "--minimal", "The nearest image instead of one within --epsilon: attacks that seek it");

    internal static readonly Option<string> Norm = TypedOption.Choice(
        "--norm", "What distance is: the largest change, or the root of the squares' sum [default: the attack's]", null,
        [.. PixelNorm.All.Names]);

    internal static readonly Option<string> SurfaceName = TypedOption.Choice(
        "--surface", "Change the network's small input, or the file's own pixels through resizing", SurfaceChoice.Network,
        SurfaceChoice.Network, SurfaceChoice.File);

    internal static readonly Option<bool> Lattice = TypedOption.Switch(
        "--lattice", "Stay on the 8-bit levels that files have; 'false' to compare with libraries", standard: true);

    internal static readonly Option<string> Target = TypedOption.Text(
        "--target", "The class that is wanted [default: any other]", $"ID|LABEL|{string.Join('|', TargetChoice.Words)}");

    internal static readonly Option<string> Class = new("--class")
    {
        Description = $"The class attacked from: the answer, '{Evaluator.True}': its folder's WordNet id, or one",
        HelpName = $"{TopClass}|{Evaluator.True}|ID|LABEL",
        DefaultValueFactory = _ => TopClass,
    };

    internal static readonly Option<int> Noise = TypedOption.Whole(
        "--noise", "Images with noise of the same size to try beside each attack; 0: none", 1, 0, 1000);

    internal static readonly Option<bool> Curve = TypedOption.Switch(
        "--curve", "Robust accuracy over growing distances as well: robustness.csv and a chart");

    internal static readonly Option<string> Epsilons = TypedOption.Text(
        "--epsilons", "The curve's distances [default: 1,2,4,8,16 of 255; l2: .1,.2,.3,.5,1,2,3]", "E,E,...");

    internal static readonly Option<string[]> TransferTo = new("--transfer")
    {
        Description = "Models that are shown the saved images too",
        HelpName = "NAME|DIR[,...]",
    };

    internal static readonly Option<string[]> Explain = new("--explain")
    {
        Description = "Maps before and after, of both classes, by methods such as gradcam",
        HelpName = "NAME[,NAME...]",
    };

    internal static readonly Option<string> Units = TypedOption.Text(
        "--layer", "Whose units moved most, with --explain or --report [default: the last with a plane]", "LAYER");

    internal static readonly Option<bool> Report = TypedOption.Switch("--report", "Write attack.html: all of it on one page");

    internal static readonly Option<string> Out = TypedOption.Folder("Folder of the results; what is there is not made again");

    private static readonly Option<int> s_epochs = TypedOption.Whole(
        "--epochs", "How often 'universal' uses each image", new UniversalOptions().Epochs, 1, 10_000);

    private static readonly Option<double> s_heldOut = TypedOption.Real(
        "--held-out", "Share of the images on which 'universal' is only measured", new UniversalOptions().HeldOut, 0.01, 0.99);

    private static readonly CatalogFlags<Attack> s_methods = new(
        Attacks.All, Method, (a => a.Name, a => a.Options, (a, given) => a.Configure(given)));

    internal static IEnumerable<Option> OfBall => [EpsilonText, Minimal, Norm, SurfaceName, Lattice];

    internal static IEnumerable<Option> OfGoal => [Class, Target];

    internal static IEnumerable<Option> OfResults => [Noise, Curve, Epsilons, TransferTo, Explain, Units, Report, Out];

    /// <summary>The options of <c>universal</c>, which is no attack on an image.</summary>
    internal static IEnumerable<Option> OfUniversal => [s_epochs, s_heldOut];

    /// <summary>The attacks, for help pages.</summary>
    internal static HelpGroup Names { get; } = new(
        "Attacks", $"{List(false)}. Those that seek the nearest image: {List(true)}. docs/attack.md describes them.");

    /// <summary>The options of the attacks.</summary>
    internal static HelpGroup Own => s_methods.Own("Options of the attacks");

    /// <summary>Whether one change for all images is wanted.</summary>
    /// <exception cref="InputException">Together with attacks on single images.</exception>
    internal static bool IsUniversal(Invocation run)
    {
        string[] names = [.. run.Parts(Method).Distinct()];
        bool isUniversal = names.Contains(Universal, StringComparer.OrdinalIgnoreCase);
        if (isUniversal && names.Length > 1)
        {
            throw new InputException($"--method {string.Join(',', names)}: {Universal} makes one change for all images; run it alone");
        }

        run.NoteIdle(!isUniversal, $"without --method {Universal}", OfUniversal);
        run.NoteIdle(
            isUniversal, $"with --method {Universal}",
            [Minimal, SurfaceName, Lattice, Class, Noise, Curve, Epsilons, TransferTo, Explain, Units, Report, .. s_methods.Options]);
        return isUniversal;
    }

    /// <summary>How a universal perturbation is trained.</summary>
    /// <exception cref="InputException">A norm or target that it cannot have.</exception>
    internal static UniversalOptions UniversalOptionsOf(Invocation run, Network network)
    {
        if (run.Get(Norm) is { } norm && norm != PixelNorm.LInf.Name)
        {
            throw new InputException($"--norm {norm}: {Universal} works in {PixelNorm.LInf.Name}");
        }

        TargetChoice target = TargetChoice.Of(network, run.Get(Target));
        if (target is { Text: not null, Class: null })
        {
            throw new InputException($"--target {target.Text}: {Universal} has one target for all images; name a class");
        }

        return new UniversalOptions
        {
            Epsilon = run.Get(EpsilonText) is { } text ? Parsed(EpsilonText, text) : new UniversalOptions().Epsilon,
            Epochs = run.Get(s_epochs),
            HeldOut = run.Get(s_heldOut),
            Target = target.Class,
            Seed = run.Get(SharedOptions.Seed),
        };
    }

    /// <summary>The attacks with their options.</summary>
    internal static IReadOnlyList<(Attack Method, OptionValues Options)> Methods(Invocation run) => s_methods.Read(run);

    /// <summary>The names of the attacks that seek the nearest image, or of the others.</summary>
    internal static string List(bool isMinimal) =>
        string.Join(", ", Attacks.All.Where(a => a.IsMinimal == isMinimal).Select(a => a.Name));

    /// <summary>The methods of <c>--explain</c>.</summary>
    internal static IReadOnlyList<AttributionMethod> Explainers(Invocation run) =>
        [.. run.Parts(Explain).Select(AttributionCatalog.All.Find).Distinct()];

    /// <summary>ε: what was given, or what is usual in the norm.</summary>
    internal static Epsilon Epsilon(Invocation run, PixelNorm norm) => run.Get(EpsilonText) is { } text ? Parsed(EpsilonText, text)
        : norm == PixelNorm.LInf ? Engine.Adversarial.Epsilon.Parse("8/255") : Engine.Adversarial.Epsilon.Parse("3");

    /// <summary>The distances of the curve in growing order.</summary>
    internal static IReadOnlyList<Epsilon> Ladder(Invocation run, PixelNorm norm)
    {
        string text = run.Get(Epsilons) ?? (norm == PixelNorm.LInf ? "1/255,2/255,4/255,8/255,16/255" : "0.1,0.2,0.3,0.5,1,2,3");
        Epsilon[] all = [
            .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(e => e != "0")
                .Select(e => Parsed(Epsilons, e)).OrderBy(e => e.Value).DistinctBy(e => e.Value)];
        return all.Length > 0 ? all : throw new InputException($"{Epsilons.Name} '{text}': expected distances such as 1/255,2/255,4/255");
    }

    private static Epsilon Parsed(Option option, string text)
    {
        try
        {
            return Engine.Adversarial.Epsilon.Parse(text);
        }
        catch (InputException e)
        {
            throw new InputException($"{option.Name} {e.Message}", e);
        }
    }
}
