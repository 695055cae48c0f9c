namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>An objective that a text calls by name, with arguments.</summary>
/// <param name="Name">The name.</param>
/// <param name="Usage">How it is written, optional arguments in brackets.</param>
/// <param name="Example">An example.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Make">Reads its arguments and makes it.</param>
public sealed record ObjectiveForm(string Name, string Usage, string Example, string Summary, Func<ObjectiveArguments, Objective> Make)
{
    /// <summary>Whether it can be written as <c>NAME:ARGUMENT</c>.</summary>
    internal bool TakesColon => Usage.StartsWith(Name + ':', StringComparison.Ordinal);

    /// <summary>Whether it can stand without arguments.</summary>
    internal bool StandsAlone => Usage == Name || Usage.StartsWith(Name + '[', StringComparison.Ordinal);
}
