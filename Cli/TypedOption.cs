using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Interp.Cli;

/// <summary>Options whose values are checked while the command line is read; each failure is one line that says what was expected and what was found.</summary>
internal static class TypedOption
{
    internal static Option<int> Whole(string name, string description, int standard, int minimum, int maximum) =>
        Checked(name, description, "N", standard, $"a whole number from {minimum} to {maximum}",
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) && n >= minimum && n <= maximum ? n : null);

    internal static Option<double> Real(string name, string description, double standard, double minimum, double maximum) =>
        Checked(name, description, "X", standard, $"a number from {minimum} to {maximum}",
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) && x >= minimum && x <= maximum ? x : null);

    internal static Option<ulong> Seed(string name, string description) =>
        Checked(name, description, "N", 0UL, "a whole number from 0 to 2^64 - 1",
            text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n) ? n : null);

    /// <summary>A number of bytes, with K, M or G for powers of 1024.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="standard">As a user would write it, or null where the value is 0 when none is given.</param>
    internal static Option<long> Bytes(string name, string description, string? standard)
    {
        Option<long> option = Checked<long>(name, description, "BYTES", 0, "a number of bytes such as 500M or 2G", Size);
        option.DefaultValueFactory = standard is null ? null : _ => Size(standard)!.Value;
        return option;
    }

    /// <summary>An option with listed values; null is the value where none is given and there is no default.</summary>
    internal static Option<string> Choice(string name, string description, string? standard, params IReadOnlyCollection<string> choices)
    {
        Option<string> option = Text(name, description, string.Join('|', choices));
        option.DefaultValueFactory = standard is null ? null : _ => standard;
        option.CustomParser = result => choices.FirstOrDefault(c => c.Equals(Last(result), StringComparison.OrdinalIgnoreCase))
            ?? Fail<string>(result, name, $"one of {string.Join(", ", choices)}");
        option.CompletionSources.Add([.. choices]);
        return option;
    }

    /// <summary>An option that takes any text and has no default.</summary>
    internal static Option<string> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<T> Checked<T>(string name, string description, string helpName, T standard, string expected, Func<string, T?> parse)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => standard,
            CustomParser = result => parse(Last(result)) ?? Fail<T>(result, name, expected),
        };

    private static long? Size(string text)
    {
        int shift = 10 * (1 + "KMG".IndexOf(char.ToUpperInvariant(text.LastOrDefault()), StringComparison.Ordinal));
        string digits = shift > 0 ? text[..^1] : text;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * (1L << shift) is >= 1 and < 1L << 50
            ? (long)(number * (1L << shift))
            : null;
    }

    private static string Last(ArgumentResult result) => result.Tokens[^1].Value;

    private static T Fail<T>(ArgumentResult result, string name, string expected)
    {
        result.AddError($"{name} '{Last(result)}': expected {expected}");
        return default!;
    }
}
