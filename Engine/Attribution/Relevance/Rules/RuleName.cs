namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>Names of rules with their parameters: <c>epsilon(0.25, no bias)</c>.</summary>
internal static class RuleName
{
    public static string Of(string rule, bool bias) => bias ? rule : $"{rule}(no bias)";

    public static string Of(string rule, double parameter, bool bias) => $"{rule}({parameter}{(bias ? "" : ", no bias")})";
}
