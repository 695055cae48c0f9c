using System.CommandLine;

namespace Interp.Cli.Help;

/// <summary>A command whose help page has headings.</summary>
internal interface IOutlined
{
    /// <summary>What its page shows.</summary>
    HelpOutline Outline { get; }
}

/// <summary>
/// The headings of a command's help page. They stand in the command's own list, and what follows a heading there belongs to it: an option
/// that gains its line
/// in the list has its place on the page.
/// </summary>
internal sealed class HelpOutline
{
    private readonly List<HelpGroup> _groups = [];

    internal IReadOnlyList<HelpGroup> Groups => _groups;

    /// <summary>Arguments of typical calls.</summary>
    internal IReadOnlyList<string> Examples { get; set; } = [];

    /// <summary>Begins a heading.</summary>
    internal void Begin(string title) => _groups.Add(new HelpGroup(title));

    internal void Add(HelpGroup group) => _groups.Add(group);

    internal void Add(Symbol symbol)
    {
        if (_groups is [] or [.., { Text: not null }])
        {
            Begin(symbol is Command ? Headings.Commands : Headings.Options);
        }

        _groups[^1].Add(symbol);
    }
}
