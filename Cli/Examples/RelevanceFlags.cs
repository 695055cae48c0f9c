using System.CommandLine;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Common;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Graph;

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
    internal static Composite Read(Invocation run, Option<string> option) => Read(run.Get(option), option.Name);

    /// <inheritdoc cref="Read(Invocation, Option{string})"/>
    internal static Composite Read(string name, string option)
    {
        try
        {
            return Composite.Parse(name);
        }
        catch (InputException e)
        {
            throw new InputException($"{option} '{name}': {e.Message}", e);
        }
    }

    /// <summary>Photos are explained for their own top class each.</summary>
    /// <exception cref="InputException">The network has no classes.</exception>
    internal static void RequireClasses(Network network, string option)
    {
        if (network.Classes == 0)
        {
            throw new InputException(
                $"{option}: model {network.Name} has no classes, and relevance starts from each photo's own; 'top-images' without it ranks "
                + "photos by what excites a channel");
        }
    }

    /// <summary>What results depend on: the name and, since a file may change under its name, its content.</summary>
    internal static IEnumerable<string> Settings(string composite) =>
        [composite, File.Exists(composite) ? File.ReadAllText(composite) : ""];
}
