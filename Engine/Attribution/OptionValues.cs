using System.Collections.Immutable;
using System.Globalization;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution;

/// <summary>A value for every option of one method. Made by <see cref="AttributionMethod.Configure"/>.</summary>
public sealed class OptionValues
{
    private readonly ImmutableArray<(MethodOption Option, object Value)> _values;

    internal OptionValues(IReadOnlyList<MethodOption> options, IReadOnlyDictionary<string, string> given)
    {
        string? unknown = given.Keys.FirstOrDefault(name => options.All(o => o.Name != name));
        if (unknown is not null)
        {
            string known = options.Count == 0 ? "it has none" : $"it has {string.Join(", ", options.Select(o => $"option '{o.Name}'"))}";
            throw new InputException($"this method has no option '{unknown}': {known}");
        }

        _values = [.. options.Select(o => (o, given.TryGetValue(o.Name, out string? text) ? o.Parse(text) : o.DefaultValue))];
    }

    /// <summary>Every option's name with its value as text, in the method's order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts =>
        _values.Select(v => KeyValuePair.Create(v.Option.Name, v.Option.Format(v.Value)));

    /// <summary>Every option's name with its value: numbers and truth values as they are, all others, such as <c>auto</c>, as
    /// text.</summary>
    public IEnumerable<KeyValuePair<string, object>> Values =>
        _values.Select(v => KeyValuePair.Create(v.Option.Name, Plain(v.Option.Format(v.Value), v.Value)));

    /// <summary>The value of the method's first option of a type, or null if it has none.</summary>
    internal T? First<T>() where T : class => _values.Select(v => v.Value).OfType<T>().FirstOrDefault();

    private static object Plain(string text, object value) =>
        value is bool or double || (value is int && int.TryParse(text, CultureInfo.InvariantCulture, out _)) ? value : text;

    /// <summary>The value of one of the method's options.</summary>
    /// <exception cref="ArgumentException">The option belongs to another method.</exception>
    public T Get<T>(MethodOption<T> option) where T : notnull
    {
        foreach ((MethodOption candidate, object value) in _values)
        {
            if (ReferenceEquals(candidate, option))
            {
                return (T)value;
            }
        }

        throw new ArgumentException($"these are not values of the method that has this option '{option.Name}'", nameof(option));
    }
}
