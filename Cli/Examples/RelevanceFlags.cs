using System.CommandLine;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;
using Interp.Engine.Concepts.Relevance;

namespace Interp.Cli.Examples;

/// <summary>How relevance is handed down to a layer.</summary>
internal static class RelevanceFlags
{
    /// <summary>What a search by relevance is called.</summary>
    internal const string Rank = "relevance";

    /// <summary><c>--composite</c>.</summary>
    internal static Option<string> OfComposite() => new("--composite")
    {
        Description = "Which rule of LRP each layer follows; 'methods lrp' explains them",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => ConceptRelevance.DefaultComposite,
    };

    /// <summary>The composite that an option names.</summary>
    /// <exception cref="InputException">There is none.</exception>
    internal static Composite Read(Invocation run, Option<string> option)
    {
        try
        {
            return Engine.Attribution.Relevance.Composite.Parse(run.Get(option));
        }
        catch (InputException e)
        {
            throw new InputException($"{option.Name} '{run.Get(option)}': {e.Message}", e);
        }
    }

    /// <summary>What results depend on: the name and, since a file may change under its name, its content.</summary>
    internal static IEnumerable<string> Settings(string composite) =>
        [composite, File.Exists(composite) ? File.ReadAllText(composite) : ""];
}
