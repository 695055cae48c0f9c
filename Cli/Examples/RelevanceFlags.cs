using System.CommandLine;
using Interp.Engine.Concepts.Relevance;

namespace Interp.Cli.Examples;

/// <summary>How relevance is handed down to a layer.</summary>
internal static class RelevanceFlags
{
    /// <summary>What a search by relevance is called.</summary>
    internal const string Rank = "relevance";

    /// <summary><c>--composite</c>.</summary>
    internal static Option<string> Composite() => new("--composite")
    {
        Description = "Which rule of LRP each layer follows; 'methods lrp' explains them",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => ConceptRelevance.DefaultComposite,
    };

    /// <summary>What results depend on: the name and, since a file may change under its name, its content.</summary>
    internal static IEnumerable<string> Settings(string composite) => [composite, File.Exists(composite) ? File.ReadAllText(composite) : ""];
}
