using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Interp.Cli;

/// <summary>Options whose values are checked while the command line is read; each failure is one line that says what was expected and what
/// was found.</summary>
internal static class TypedOption
{
    internal static Option<int> Whole(string name, string description, int standard, int minimum, int maximum) =>
        Checked(name, description, "N", standard, WholeWords(minimum, maximum), text => Whole(text, minimum, maximum));

    /// <summary>A whole number that has no default.</summary>
    internal static Option<int?> OptionalWhole(string name, string description, int minimum, int maximum) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Whole(Last(result), minimum, maximum) ?? Fail<int?>(result, name, WholeWords(minimum, maximum)),
    };

    /// <summary>Height and width in pixels, as one number for a square or as two (<c>33x30</c>, <c>33,30</c>); no default.</summary>
    internal static Option<PixelSize?> OptionalSize(string name, string description, int minimum, int maximum) => new(name)
    {
        Description = description,
        HelpName = "N|HxW",
        CustomParser = result => Sides(Last(result), minimum, maximum)
            ?? Fail<PixelSize?>(result, name, $"{WholeWords(minimum, maximum)}, or height and width such as 33x30"),
    };

    internal static Option<double> Real(string name, string description, double standard, double minimum, double maximum) =>
        Checked(name, description, "X", standard, $"a number from {minimum} to {maximum}", text => Number(text) is { } x && x >= minimum
        && x <= maximum ? x : null);

    /// <summary>A number that has no default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="expected">The allowed numbers in words.</param>
    /// <param name="allowed">The same as a test, which not-a-number does not pass.</param>
    /// <param name="word">A word that stands for no number, or null.</param>
    internal static Option<double?> OptionalReal(
        string name, string description, string expected, Func<double, bool> allowed, string? word = null) => new(name)
        {
            Description = description,
            HelpName = word is null ? "X" : $"X|{word}",
            CustomParser = result => word is not null && Last(result).Equals(word, StringComparison.OrdinalIgnoreCase) ? null
                : Number(Last(result)) is { } x && allowed(x) ? x
                : Fail<double?>(result, name, word is null ? expected : $"{expected}, or {word}"),
        };

    /// <summary>An option that its name alone turns on.</summary>
    internal static Option<bool> Switch(string name, string description, bool standard = false) => new(name)
    {
        Description = description,
        HelpName = standard ? "true|false" : null,
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        result.Tokens.Count == 0 || (bool.TryParse(Last(result), out bool on) ? on : Fail<bool>(result, name, "true or false")),
    };

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

    /// <summary><c>--out</c>: the folder that results go to.</summary>
    internal static Option<string> Folder(string description) =>
        new("--out") { Description = description, HelpName = "DIR", DefaultValueFactory = _ => "out" };

    /// <summary>An option that takes any text and has no default.</summary>
    internal static Option<string> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>A default as a user would write it; null where there is nothing to say.</summary>
    internal static string? Shown(object? value) => value switch
    {
        null or false or "" => null,
        true => "true",
        long bytes => bytes == 0 ? null : SizeText(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string SizeText(long bytes) =>
        bytes % (1 << 20) == 0 ? $"{bytes >> 20}M" : bytes % (1 << 10) == 0 ? $"{bytes >> 10}K" : $"{bytes}";

    private static int? Whole(string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) && n >= minimum && n <= maximum
            ? n : null;

    private static PixelSize? Sides(string text, int minimum, int maximum)
    {
        int?[] sides = [.. text.Split('x', ',').Select(side => Whole(side, minimum, maximum))];
        return sides.Length is 1 or 2 && sides[0] is { } height && sides[^1] is { } width ? new PixelSize(height, width) : null;
    }

    private static string WholeWords(int minimum, int maximum) => $"a whole number from {minimum} to {maximum}";

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) ? x : null;

    private static Option<T> Checked<T>(string name, string description, string helpName, T standard, string expected,
        Func<string, T?> parse)
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
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number * (1L << shift) is >= 1 and < 1L << 50
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
