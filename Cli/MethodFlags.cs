using System.CommandLine;
using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Cli;

/// <summary><c>--method</c> and the options of all methods, taken from the catalog: a method that gains an option gains it here.</summary>
internal static class MethodFlags
{
    private const string Everything = "all";

    private static readonly Option<string[]> s_method = new("--method")
    {
        Description = $"One or more of {string.Join(", ", AttributionCatalog.All.Names)}, separated by commas, or '{Everything}'",
        HelpName = "NAME[,NAME...]",
        Required = true,
    };

    private static readonly IReadOnlyList<Option<string>> s_options =
    [
        .. from option in AttributionCatalog.All.SelectMany(m => m.Options, (method, option) => (Method: method, Option: option))
           group option by option.Option.Name into same
           select Flag(same.Key, [.. same]),
    ];

    internal static IEnumerable<Option> All => [s_method, .. s_options];

    /// <summary>The methods that were asked for, each with the values of its options.</summary>
    /// <exception cref="InputException">A method or value is unknown, or an option belongs to none of the methods.</exception>
    internal static IReadOnlyList<(AttributionMethod Method, OptionValues Options)> Read(Invocation run)
    {
        string[] names = [.. run.Get(s_method).SelectMany(n => n.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (names.Length == 0)
        {
            throw new InputException($"--method: expected one or more of {string.Join(", ", AttributionCatalog.All.Names)}, or '{Everything}', found nothing");
        }

        AttributionMethod[] methods = names.Contains(Everything, StringComparer.OrdinalIgnoreCase)
            ? [.. AttributionCatalog.All]
            : [.. names.Select(AttributionCatalog.All.Find).Distinct()];
        var given = new Dictionary<string, string>();
        foreach (Option<string> option in s_options.Where(run.IsGiven))
        {
            string name = option.Name[2..];
            if (!methods.Any(m => Has(m, name)))
            {
                IEnumerable<string> owners = AttributionCatalog.All.Where(m => Has(m, name)).Select(m => m.Name);
                throw new InputException($"--{name} is no option of {string.Join(", ", methods.Select(m => m.Name))}: it belongs to {string.Join(", ", owners)}");
            }

            given[name] = run.Get(option) ?? "true";
        }

        return [.. methods.Select(m => (m, m.Configure(given.Where(g => Has(m, g.Key)).ToDictionary())))];
    }

    private static Option<string> Flag(string name, IReadOnlyList<(AttributionMethod Method, MethodOption Option)> same)
    {
        Option<string> flag = TypedOption.Text($"--{name}", Describe(same), HelpName(same[0].Option));
        if (same[0].Option is MethodOption<bool>)
        {
            flag.Arity = ArgumentArity.ZeroOrOne;
        }

        return flag;
    }

    private static bool Has(AttributionMethod method, string option) => method.Options.Any(o => o.Name == option);

    private static string Describe(IReadOnlyList<(AttributionMethod Method, MethodOption Option)> same)
    {
        string standard = same.Select(s => s.Option.Default).Distinct().Count() == 1 ? same[0].Option.Default : "the method's own";
        return $"Methods {string.Join(", ", same.Select(s => s.Method.Name))}: {same[0].Option.Summary} [default: {standard}]";
    }

    private static string HelpName(MethodOption option) => option.Choices.Count > 0 ? string.Join('|', option.Choices) : "VALUE";
}
