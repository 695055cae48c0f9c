using System.CommandLine;

namespace Interp.Cli.Help;

/// <summary>Options or commands under one heading.</summary>
/// <param name="title">The heading, without a colon.</param>
/// <param name="text">What stands under it instead of a row for each, or null.</param>
/// <param name="symbols">What belongs to it.</param>
internal sealed class HelpGroup(string title, string? text = null, params IEnumerable<Symbol> symbols)
{
    private readonly List<Symbol> _symbols = [.. symbols];

    internal string Title => title;

    internal string? Text => text;

    internal IReadOnlyList<Symbol> Symbols => _symbols;

    internal void Add(Symbol symbol) => _symbols.Add(symbol);
}
