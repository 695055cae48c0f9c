namespace Interp.Engine.Attribution.Relevance;

/// <summary>A composite of LRP as the option <c>composite</c> takes it: by name, or made from a file.</summary>
/// <param name="Name">The name used on the command line, or a file's.</param>
/// <param name="Rules">Its rules for the given ε and γ.</param>
internal sealed record LrpComposite(string Name, Func<double, double, IEnumerable<RuleFor>> Rules)
{
    /// <summary>What is written for it, so that it can be read again: the name, or the content of a file without its comments.</summary>
    public string Text { get; init; } = Name;

    /// <summary>
    /// Whether one of its rules is of a kind whose parameter is the option of that name; a composite's name lists those that take a number.
    /// </summary>
    public Predicate<string> Has { get; init; } = rule => Name.Contains(rule, StringComparison.Ordinal);

    /// <summary>Whether it is a user's own.</summary>
    public bool IsOwn => Text != Name;

    /// <summary>The composite for the given ε and γ.</summary>
    public Composite Of(double epsilon, double gamma) => new(Name, Rules(epsilon, gamma));
}
