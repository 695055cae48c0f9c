namespace Interp.Engine.Attribution.Relevance.Files;

/// <summary>A rule as composite files name it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it computes, and its parameters.</param>
/// <param name="Parameters">The names of its parameters.</param>
/// <param name="Make">The rule with the parameters of a file.</param>
internal sealed record RuleKind(string Name, string Meaning, string[] Parameters, Func<JsonFields, RuleDefaults, LayerRule> Make);

/// <summary>What rules of a file take from the options of the method where they do not say it themselves.</summary>
/// <param name="epsilon">ε.</param>
/// <param name="gamma">γ.</param>
/// <param name="taken">Told the options that are.</param>
internal sealed class RuleDefaults(double epsilon, double gamma, ISet<string>? taken)
{
    public double Epsilon => Take("epsilon", epsilon);

    public double Gamma => Take("gamma", gamma);

    private double Take(string option, double value)
    {
        taken?.Add(option);
        return value;
    }
}
