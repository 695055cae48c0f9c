using System.CommandLine;
using Interp.Cli.Help;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Cli;

/// <summary><c>--method</c> and the options of all methods, taken from the catalog: a method that gains an option gains it here.</summary>
internal static class MethodFlags
{
    private const string Everything = "all";
    private const string LayerName = "layer";
    private const string ThroughName = "through";

    internal static readonly Option<string[]> Method = new("--method")
    {
        Description = $"Methods, or '{Everything}'; 'interp-cli methods' lists them",
        HelpName = "NAME[,NAME...]",
        Required = true,
    };

    private static readonly IReadOnlyList<MethodFlag> s_flags =
    [
        .. from option in AttributionCatalog.All.SelectMany(m => m.Options) group option by option.Name into same
        select MethodFlag.Of(same.First()),
    ];

    /// <summary>The options of the methods, which <c>methods NAME</c> explains.</summary>
    internal static HelpGroup Own => new(
        "Options of the methods ('interp-cli methods NAME' explains them)", string.Join(", ", s_flags.Select(f => f.Option.Name)),
        s_flags.Select(f => f.Option));

    /// <summary>The methods that were asked for, each with the values of its options; a note says of an option that it changes
    /// nothing.</summary>
    /// <exception cref="InputException">A method or value is unknown, or an option belongs to none of the methods.</exception>
    internal static IReadOnlyList<(AttributionMethod Method, OptionValues Options)> Read(Invocation run)
    {
        string[] names = [
            .. run.Get(Method).SelectMany(n => n.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (names.Length == 0)
        {
            throw new InputException(
                $"--method: expected one or more of {string.Join(", ", AttributionCatalog.All.Names)}, or '{Everything}', found nothing");
        }

        AttributionMethod[] methods = names.Contains(Everything, StringComparer.OrdinalIgnoreCase)
            ? [.. AttributionCatalog.All]
            : [.. names.Select(AttributionCatalog.All.Find).Distinct()];
        MethodFlag[] given = [.. s_flags.Where(f => run.IsGiven(f.Option))];
        foreach (MethodFlag flag in given.Where(f => !methods.Any(m => Has(m, f.Name))))
        {
            IEnumerable<string> owners = AttributionCatalog.All.Where(m => Has(m, flag.Name)).Select(m => m.Name);
            throw new InputException(
                $"--{flag.Name} is no option of {string.Join(", ", methods.Select(m => m.Name))}: "
                + $"it belongs to {string.Join(", ", owners)}");
        }

        var texts = given.ToDictionary(f => f.Name, f => f.Text(run));
        (AttributionMethod Method, OptionValues Options)[] configured =
            [.. methods.Select(m => (m, m.Configure(texts.Where(t => Has(m, t.Key)).ToDictionary())))];
        foreach (MethodFlag flag in given)
        {
            string?[] reasons = [.. configured.Where(c => Has(c.Method, flag.Name)).Select(c => WhyIdle(c.Method, c.Options, flag.Name))];
            run.NoteIdle(!reasons.Contains(null), reasons[0] ?? "", flag.Option);
        }

        return configured;
    }

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

    private static string? WhyIdle(AttributionMethod method, OptionValues values, string option) =>
        method.Idle(values).Where(i => i.Option.Name == option).Select(i => i.Reason).FirstOrDefault();

    private static bool Has(AttributionMethod method, string option) => method.Options.Any(o => o.Name == option);
}
