using System.CommandLine;

namespace Interp.Cli.Commands;

/// <summary><c>concepts</c>: which concepts a network uses; each line is a command below it.</summary>
internal static class ConceptsCommand
{
    internal static Command Create(CliContext context) => new CommandGroup("concepts", "Find the concepts that a class is recognised by")
    {
        ConceptsTestCommand.Create(context),
        ConceptsDiscoverCommand.Create(context),
        ConceptsRelevanceCommand.Create(context),
    }.WithExamples(
        "test --layer avgpool --class bee --images bees/",
        "discover --layer features.29 --class bee --images bees/",
        "relevance cat.jpg --layer features.28");
}
