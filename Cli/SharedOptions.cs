using System.CommandLine;
using Interp.Engine.Models;
using Interp.Weights;

namespace Interp.Cli;

/// <summary>Options that several commands take. <c>--quiet</c> and <c>--verbose</c> are understood everywhere.</summary>
internal static class SharedOptions
{
    internal static readonly Option<string> Model = new("--model")
    {
        Description = "A bundled or converted model, or its folder",
        HelpName = "NAME|DIR",
        DefaultValueFactory = _ => ModelStore.DefaultModel,
    };

    internal static readonly Option<int> Threads = TypedOption.Whole(
        "--threads", "Threads that compute; results do not depend on it", Environment.ProcessorCount, 1, 256);

    internal static readonly Option<string> Backend = TypedOption.Choice("--backend", "Where networks run", "auto", "cpu", "cuda", "auto");

    internal static readonly Option<string> Convolution = TypedOption.Choice(
        "--conv", "How convolutions are computed; winograd where it can",
        "auto", "auto", "direct", "winograd");

    internal static readonly Option<string> Memory = TypedOption.Choice(
        "--memory", "Memory spent on speed; low takes less than half", "normal", "normal", "low");

    internal static readonly Option<string> FastMath = TypedOption.Choice(
        "--fast-math", "On a GPU: products on tensor cores, three of TF32 for each or one", "none", "none", "tf32x3", "tf32");

    /// <summary>Which network runs, and how.</summary>
    internal static IEnumerable<Option> Engine => [Model, Threads, Backend, Convolution, Memory, FastMath];

    /// <summary>The same for commands that read images.</summary>
    internal static IEnumerable<Option> ImageEngine => [.. Engine, Prepared];

    /// <summary>Which images are taken as they are; <see cref="Invocation.LoadModel()"/> reads it.</summary>
    internal static readonly Option<bool> Prepared = TypedOption.Switch(
        "--prepared", "Images are the network's input already, or with 'false' none is [default: PNGs that say so]");

    /// <summary>What <c>--prepared</c> says.</summary>
    internal static PreparedImages PreparedOf(Invocation run) => !run.IsGiven(Prepared) ? PreparedImages.Marked
        : run.Get(Prepared) ? PreparedImages.Always : PreparedImages.Never;

    internal static readonly Option<ulong> Seed = TypedOption.Seed("--seed", "Seed of all random numbers");

    internal static readonly Option<bool> Json = TypedOption.Switch("--json", "Print data as JSON instead of a table");

    internal static readonly Option<bool> Quiet = Everywhere(TypedOption.Switch("--quiet", "Print results and errors only"));

    internal static readonly Option<bool> Verbose = Everywhere(TypedOption.Switch("--verbose", "Print stack traces with errors"));

    internal static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description = "Images (jpg, png, bmp, gif, tga, psd), folders of them or of class folders, "
            + "or .npy tensors [3,H,W] or [N,3,H,W] in network units",
        Arity = ArgumentArity.OneOrMore,
    };

    private static Option<bool> Everywhere(Option<bool> option)
    {
        option.Recursive = true;
        return option;
    }
}
