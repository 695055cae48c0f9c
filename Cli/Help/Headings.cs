namespace Interp.Cli.Help;

/// <summary>Headings that several help pages have.</summary>
internal static class Headings
{
    internal const string Arguments = "Arguments";
    internal const string Commands = "Commands";
    internal const string Options = "Options";
    internal const string Method = "Method";
    internal const string Target = "What to explain";
    internal const string Preparation = "How images are prepared";
    internal const string Unit = "What to show";
    internal const string Optimisation = "Optimisation";
    internal const string Evidence = "Evidence";
    internal const string Output = "Output";
    internal const string Engine = "Engine";
    internal const string General = "General";
}
