using System.Globalization;
using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Engine.Adversarial;

/// <summary>Options that several attacks have.</summary>
internal static class AttackOptions
{
    private const string Automatic = "auto";

    /// <summary>What grows.</summary>
    internal static MethodOption<AttackLoss> Loss { get; } = MethodOption.Choice(
        "loss", "what the attack makes grow", AttackLoss.All, AttackLoss.CrossEntropy, l => l.Name);

    /// <summary>Random starts, one after another, until one succeeds.</summary>
    internal static MethodOption<int> Restarts { get; } = MethodOption.Whole(
        "restarts", "random starts, until one succeeds", 1, 1, 10_000);

    /// <summary>How many boundaries an attack that seeks the nearest one looks at.</summary>
    internal static MethodOption<int> Candidates { get; } =
        MethodOption.Whole("candidates", "classes whose boundaries are compared, by logit", 10, 1, 10000);

    /// <summary>The size of a step in grey levels, or 0 for the attack's own.</summary>
    internal static MethodOption<double> StepSize { get; } = new(
        "step-size", "length of a step in units of 0…1 pixels", 0, ParseStep, FormatStep, $"X|{Automatic}",
        $"a number above 0 such as 2/255, or {Automatic}");

    /// <summary>Steps at most.</summary>
    internal static MethodOption<int> Steps(int standard) => MethodOption.Whole("steps", "steps at most", standard, 1, 100_000);

    private static double ParseStep(string text) =>
        text.Equals(Automatic, StringComparison.OrdinalIgnoreCase) ? 0 : Epsilon.Parse(text).Levels;

    private static string FormatStep(double levels) =>
        levels == 0 ? Automatic : string.Create(CultureInfo.InvariantCulture, $"{levels}/255");
}
