using System.CommandLine;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;

namespace Interp.Cli;

/// <summary>What is explained: a class, one class against another, or a unit of any layer.</summary>
internal static class TargetFlags
{
    private const string TopClass = "top";

    internal static readonly Option<bool> Probability = TypedOption.Switch(
        "--probability", "Explain the class's probability instead of its logit");

    private static readonly Option<string> s_class = new("--class")
    {
        Description = "The class: an id, a label or part of one, or 'top' for the largest logit",
        HelpName = "ID|LABEL|top",
        DefaultValueFactory = _ => TopClass,
    };

    private static readonly Option<string> s_against =
        TypedOption.Text("--against", "Why the class and not this one: explain the difference of the two", "ID|LABEL");

    private static readonly Option<string> s_unit =
        TypedOption.Text("--unit", "A layer's unit instead of a class: a channel's mean, or one neuron", "LAYER:CHANNEL[,Y,X]");

    internal static IEnumerable<Option> All => [s_class, Probability, s_against, s_unit];

    /// <summary>For commands that explain logits alone.</summary>
    internal static IEnumerable<Option> OfLogits => [s_class, s_against, s_unit];

    /// <exception cref="InputException">A class or unit does not exist, or the options contradict each other.</exception>
    internal static TargetChoice Read(Invocation run, Network network)
    {
        if (run.Get(s_unit) is { } unit)
        {
            Option? other = ((Option[])[s_class, Probability, s_against]).FirstOrDefault(run.IsGiven);
            return other is null
                ? new TargetChoice(null, false, null, UnitTarget.Parse(unit, network))
                : throw new InputException($"{other.Name} is about a class and --unit about a layer's unit: give one of them");
        }

        if (network.Classes == 0)
        {
            string given = ((Option[])[s_class, Probability, s_against]).FirstOrDefault(run.IsGiven)?.Name is { } name
                ? $"{name}: "
                : "nothing to explain: ";
            Node output = network.Output;
            throw new InputException($"{given}{network.Name} has no classes, its output '{output.Name}' gives "
                + $"{network.OwnShapes[output.Id]}; name a unit of a layer with {s_unit.Name}, such as {output.Name}:0");
        }

        if (run.Get(s_against) is { } second && network.Classes == 1)
        {
            throw new InputException(
                $"--against {second}: {network.Name} has one output, and so no second class to compare with; leave --against out");
        }

        int? c = run.Get(s_class) is var text && text == TopClass ? null : network.Labels.Find(text);
        return new TargetChoice(c, run.Get(Probability), run.Get(s_against) is { } against ? network.Labels.Find(against) : null, null);
    }
}

/// <summary>What is explained of every image.</summary>
/// <param name="Class">The class, or null for each image's top class.</param>
/// <param name="Probability">Whether probabilities are explained.</param>
/// <param name="Against">The class it is compared with, if any.</param>
/// <param name="Unit">The unit that is explained instead, if any.</param>
internal sealed record TargetChoice(int? Class, bool Probability, int? Against, UnitTarget? Unit)
{
    /// <summary>The target for an image.</summary>
    /// <exception cref="InputException">The class is compared with itself.</exception>
    internal Target For(int topClass) => Unit is not null ? Unit
        : (Class ?? topClass) is var c && c == Against
        ? throw new InputException($"--against {c}: that is the class that is explained; name another one")
        : new ClassTarget(c, Probability, Against);

    /// <summary>What is explained, for people.</summary>
    internal string Words(Labels labels) => Unit?.Description
        ?? $"{(Probability ? "probability" : "logit")} of "
        + $"{(Class is { } c ? Named(c, labels) : "each image's top class")}{(Against is { } a ? $" rather than {Named(a, labels)}" : "")}";

    private static string Named(int c, Labels labels) => $"{c} {TargetWords.Short(labels[c])}";

    /// <inheritdoc/>
    public override string ToString() => Unit?.Description
        ?? $"class {Class?.ToString() ?? "top"}{(Probability ? " probability" : "")}{(Against is null ? "" : $" against {Against}")}";
}
