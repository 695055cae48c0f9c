using System.Globalization;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution;

/// <summary>
/// One option of an attribution method: its name, what it means, its default and how its text is understood. Command lines, tables and
/// manifests are
/// derived from it. A method reads its value through the typed handle, <see cref="MethodOption{T}"/>.
/// </summary>
public abstract class MethodOption
{
    private const string Automatic = "auto";

    private protected MethodOption(string name, string summary)
    {
        Name = name;
        Summary = summary;
    }

    /// <summary>The name without dashes: <c>relu-rule</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, in one line.</summary>
    public string Summary { get; }

    /// <summary>The value used when none is given, as a user would write it.</summary>
    public abstract string Default { get; }

    /// <summary>The allowed values, or an empty list where they cannot be listed.</summary>
    public abstract IReadOnlyList<string> Choices { get; }

    /// <summary>How a value is written, as usage lines show it: <c>N</c> for a whole number, <c>X</c> for a number, <c>N|auto</c>,
    /// <c>mean|black</c>.</summary>
    public abstract string Form { get; }

    /// <summary>The allowed values in words: <c>a whole number from 1 to 10000</c>.</summary>
    public abstract string Expected { get; }

    internal abstract object DefaultValue { get; }

    /// <summary>The value that a text stands for.</summary>
    /// <exception cref="InputException">The text is not allowed; the message names the option and what is.</exception>
    internal abstract object Parse(string text);

    /// <summary>A value as text.</summary>
    internal abstract string Format(object value);

    /// <summary>An option whose values are the entries of a catalog.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="catalog">The allowed values.</param>
    /// <param name="standard">The value used when none is given.</param>
    /// <param name="nameOf">An entry's name.</param>
    public static MethodOption<T> Choice<T>(string name, string summary, Catalog<T> catalog, T standard, Func<T, string> nameOf)
        where T : notnull
    {
        string expected = $"one of {string.Join(", ", catalog.Names)}";
        return new MethodOption<T>(name, summary, standard, Find, nameOf, string.Join('|', catalog.Names), expected, [.. catalog.Names]);

        T Find(string text) => catalog.TryFind(text, out T? entry) ? entry : throw new InputException($"expected {expected}");
    }

    /// <summary>An option whose value is a whole number.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="standard">The value used when none is given.</param>
    /// <param name="minimum">The least allowed value.</param>
    /// <param name="maximum">The largest allowed value.</param>
    public static MethodOption<int> Whole(string name, string summary, int standard, int minimum, int maximum) => Checked(
        name,
        summary,
        standard,
        "N",
        maximum == int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum}")
        : string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"),
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) && n >= minimum && n <= maximum
        ? n : null,
        n => n.ToString(CultureInfo.InvariantCulture));

    /// <summary>An option whose value is a whole number, or <c>auto</c> for one that the method chooses by the image: 0 for the
    /// method.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="maximum">The largest allowed value; the least is 1.</param>
    public static MethodOption<int> WholeOrAuto(string name, string summary, int maximum = int.MaxValue) => Checked(
        name,
        summary,
        0,
        $"N|{Automatic}",
        maximum == int.MaxValue ? $"a whole number from 1, or {Automatic}"
        : string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {maximum}, or {Automatic}"),
        text => text.Equals(Automatic, StringComparison.OrdinalIgnoreCase) ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1 && n <= maximum ? n : null,
        n => n == 0 ? Automatic : n.ToString(CultureInfo.InvariantCulture));

    /// <summary>An option whose value is a number.</summary>
    /// <inheritdoc cref="Whole"/>
    public static MethodOption<double> Real(string name, string summary, double standard, double minimum, double maximum) => Checked(
        name,
        summary,
        standard,
        "X",
        string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) && x >= minimum && x <= maximum ? x
        : null,
        x => x.ToString(CultureInfo.InvariantCulture));

    /// <summary>An option that is on or off, and off when it is not given; on the command line its name alone turns it on.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="summary">What it does, in one line.</param>
    public static MethodOption<bool> Switch(string name, string summary) => Checked<bool>(
        name, summary, false, "true|false", "true or false", text =>
        bool.TryParse(text, out bool on) ? on : null, on => on ? "true" : "false", ["true", "false"]);

    /// <summary>An option whose value is any text, understood by the method once it knows the network.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="standard">The value used when none is given.</param>
    /// <param name="form">How a value is written: <c>LAYER</c>.</param>
    public static MethodOption<string> Text(string name, string summary, string standard, string form = "TEXT") =>
        new(name, summary, standard, text => text, text => text, form, form);

    private static MethodOption<T> Checked<T>(
        string name, string summary, T standard, string form, string expected, Func<string, T?> parse, Func<T, string> format,
        IReadOnlyList<string>? choices = null)
        where T : struct =>
            new(name, summary, standard, text => parse(text) ?? throw new InputException($"expected {expected}"), format, form, expected,
            choices);
}

/// <summary>An option with values of a type: the handle by which its method reads the value that was given.</summary>
public sealed class MethodOption<T> : MethodOption where T : notnull
{
    private readonly T _standard;
    private readonly Func<string, T> _parse;
    private readonly Func<T, string> _format;

    /// <summary>An option of any kind.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="standard">The value used when none is given.</param>
    /// <param name="parse">Reads a value; throws an <see cref="InputException"/> that says what was expected.</param>
    /// <param name="format">Writes a value so that <paramref name="parse"/> reads it back.</param>
    /// <param name="form">How a value is written, as usage lines show it.</param>
    /// <param name="expected">The allowed values in words.</param>
    /// <param name="choices">The allowed values where they can be listed.</param>
    public MethodOption(
        string name, string summary, T standard, Func<string, T> parse, Func<T, string> format, string form, string expected,
        IReadOnlyList<string>? choices = null)
        : base(name, summary)
    {
        Form = form;
        Expected = expected;
        _standard = standard;
        _parse = parse;
        _format = format;
        Choices = choices ?? [];
    }

    /// <inheritdoc/>
    public override string Default => _format(_standard);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Choices { get; }

    /// <inheritdoc/>
    public override string Form { get; }

    /// <inheritdoc/>
    public override string Expected { get; }

    internal override object DefaultValue => _standard;

    internal override object Parse(string text)
    {
        try
        {
            return _parse(text);
        }
        catch (InputException e)
        {
            throw new InputException($"option '{Name}' '{text}': {e.Message}", e);
        }
    }

    internal override string Format(object value) => _format((T)value);
}
