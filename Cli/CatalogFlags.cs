using System.CommandLine;
using Interp.Cli.Help;
using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Cli;

/// <summary><c>--method</c>, which names entries of a catalog, and the options of all entries: an entry that gains an option gains it on
/// the command line.</summary>
/// <param name="catalog">What there is.</param>
/// <param name="method"><c>--method</c>.</param>
/// <param name="described">Name and options of an entry, and the values of the options from texts.</param>
/// <param name="idle">Options that change nothing beside the values of others, with the reason.</param>
internal sealed class CatalogFlags<T>(
    Catalog<T> catalog, Option<string[]> method,
    (Func<T, string> Name, Func<T, IReadOnlyList<MethodOption>> Options, Func<T, IReadOnlyDictionary<string, string>, OptionValues>
        Configure) described,
    Func<T, OptionValues, IEnumerable<(MethodOption Option, string Reason)>>? idle = null)
    where T : class
{
    internal const string Everything = "all";

    private readonly IReadOnlyList<MethodFlag> _flags =
    [
        .. from option in catalog.SelectMany(described.Options) group option by option.Name into same select MethodFlag.Of(same.First()),
    ];

    /// <summary>The options of the entries under one heading.</summary>
    /// <param name="heading">The heading.</param>
    internal HelpGroup Own(string heading) =>
        new(heading, string.Join(", ", _flags.Select(f => f.Option.Name)), _flags.Select(f => f.Option));

    /// <summary>The options of the entries.</summary>
    internal IEnumerable<Option> Options => _flags.Select(f => f.Option);

    /// <summary>The entries that were asked for, each with the values of its options; a note says of an option that it changes
    /// nothing.</summary>
    /// <exception cref="InputException">An entry or value is unknown, or an option belongs to none of them.</exception>
    internal IReadOnlyList<(T Method, OptionValues Options)> Read(Invocation run)
    {
        string[] names = [.. run.Parts(method)];
        if (names.Length == 0)
        {
            throw new InputException(
                $"{method.Name}: expected one or more of {string.Join(", ", catalog.Names)}, or '{Everything}', found nothing");
        }

        T[] methods = names.Contains(Everything, StringComparer.OrdinalIgnoreCase) ? [.. catalog]
            : [.. names.Select(catalog.Find).Distinct()];
        MethodFlag[] given = [.. _flags.Where(f => run.IsGiven(f.Option))];
        foreach (MethodFlag flag in given.Where(f => !methods.Any(m => Has(m, f.Name))))
        {
            IEnumerable<string> owners = catalog.Where(m => Has(m, flag.Name)).Select(described.Name);
            throw new InputException(
                $"--{flag.Name} is no option of {string.Join(", ", methods.Select(described.Name))}: "
                + $"it belongs to {string.Join(", ", owners)}");
        }

        var texts = given.ToDictionary(f => f.Name, f => f.Text(run));
        (T Method, OptionValues Options)[] configured =
            [.. methods.Select(m => (m, described.Configure(m, texts.Where(t => Has(m, t.Key)).ToDictionary())))];
        foreach (MethodFlag flag in given)
        {
            string?[] reasons = [.. configured.Where(c => Has(c.Method, flag.Name)).Select(c => WhyIdle(c.Method, c.Options, flag.Name))];
            run.NoteIdle(!reasons.Contains(null), reasons[0] ?? "", flag.Option);
        }

        return configured;
    }

    private string? WhyIdle(T entry, OptionValues values, string option) =>
        idle?.Invoke(entry, values).Where(i => i.Option.Name == option).Select(i => i.Reason).FirstOrDefault();

    private bool Has(T entry, string option) => described.Options(entry).Any(o => o.Name == option);
}
