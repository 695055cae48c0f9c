using System.CommandLine;
using Interp.Cli.Help;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Cli;

/// <summary><c>--method</c> and the options of all methods, taken from the catalog: a method that gains an option gains it here.</summary>
internal static class MethodFlags
{
    private const string LayerName = "layer";
    private const string ThroughName = "through";

    internal static readonly Option<string[]> Method = new("--method")
    {
        Description = $"Methods, or '{CatalogFlags<AttributionMethod>.Everything}'; 'interp-cli methods' lists them",
        HelpName = "NAME[,NAME...]",
        Required = true,
    };

    private static readonly CatalogFlags<AttributionMethod> s_flags = new(
        AttributionCatalog.All, Method, (m => m.Name, m => m.Options, (m, given) => m.Configure(given)), (m, values) => m.Idle(values));

    /// <summary>The options of the methods, which <c>methods NAME</c> explains.</summary>
    internal static HelpGroup Own => s_flags.Own("Options of the methods ('interp-cli methods NAME' explains them)");

    /// <inheritdoc cref="CatalogFlags{T}.Read"/>
    internal static IReadOnlyList<(AttributionMethod Method, OptionValues Options)> Read(Invocation run) => s_flags.Read(run);

    /// <summary>Checks the options against the network before any image is explained, and says of layers that are named that their
    /// modules are called several times.</summary>
    /// <exception cref="InputException">A value does not fit the network.</exception>
    internal static void Check(
        Invocation run, IReadOnlyCollection<(AttributionMethod Method, OptionValues Options)> methods, Network network)
    {
        foreach ((AttributionMethod method, OptionValues values) in methods)
        {
            method.Check(network, values);
        }

        run.NoteCalls(
            network,
            methods.SelectMany(m => m.Options.Texts).Where(o => o.Key is LayerName or ThroughName).SelectMany(o => o.Value.Split(
                [',', ':'], StringSplitOptions.TrimEntries)));
    }
}
