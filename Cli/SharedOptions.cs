using System.CommandLine;
using Interp.Weights;

namespace Interp.Cli;

/// <summary>Options that several commands take. <c>--quiet</c> and <c>--verbose</c> are understood everywhere.</summary>
internal static class SharedOptions
{
    internal static readonly Option<string> Model = new("--model")
    {
        Description = "Name of a bundled or converted model, or a model folder",
        HelpName = "NAME|DIR",
        DefaultValueFactory = _ => ModelStore.DefaultModel,
    };

    internal static readonly Option<int> Threads = TypedOption.Whole("--threads", "Number of threads that compute; results do not depend on it", Environment.ProcessorCount, 1, 256);

    internal static readonly Option<string> Backend = TypedOption.Choice("--backend", "Where networks run", "auto", "cpu", "cuda", "auto");

    internal static readonly Option<string> Convolution = TypedOption.Choice(
        "--conv", "How convolutions are computed; winograd where it can (3x3 filters of stride 1, on the CPU 5x5 too), direct elsewhere",
        "auto", "auto", "direct", "winograd");

    internal static readonly Option<string> Memory = TypedOption.Choice(
        "--memory", "Memory spent on speed; low is less than half of normal, and slower", "normal", "normal", "low");

    internal static readonly Option<bool> FastMath = new("--fast-math") { Description = "On a GPU: permit TF32, which keeps 10 bits of the factors of each product" };

    /// <summary>Which network runs, and how.</summary>
    internal static IEnumerable<Option> Engine => [Model, Threads, Backend, Convolution, Memory, FastMath];

    internal static readonly Option<ulong> Seed = TypedOption.Seed("--seed", "Where random numbers start");

    internal static readonly Option<bool> Json = new("--json") { Description = "Print data as JSON instead of a table" };

    internal static readonly Option<bool> Quiet = new("--quiet") { Description = "No progress and no remarks, only results and errors", Recursive = true };

    internal static readonly Option<bool> Verbose = new("--verbose") { Description = "Print stack traces with errors", Recursive = true };

    internal static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description = "Image files (jpg, png, bmp, gif, tga, psd), folders of them or of class folders, "
            + "or .npy tensors [3,H,W] or [N,3,H,W] in network units",
        Arity = ArgumentArity.OneOrMore,
    };
}
