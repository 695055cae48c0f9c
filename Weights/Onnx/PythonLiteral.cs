using System.Globalization;
using System.Text;

namespace Interp.Weights.Onnx;

/// <summary>
/// Reads what Python's <c>repr</c> or JSON makes of a list of texts or of a mapping to texts: exporters write both into a file's metadata.
/// </summary>
internal ref struct PythonLiteral
{
    private const int MaxEntries = 1 << 17;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private PythonLiteral(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The texts of a list, or of a mapping from 0, 1, … in the order of their numbers; null if the text is neither.</summary>
    internal static string[]? Read(ReadOnlySpan<char> text)
    {
        var literal = new PythonLiteral(text);
        if (literal.Skip('['))
        {
            return literal.List(']');
        }

        return literal.Skip('(') ? literal.List(')') : literal.Skip('{') ? literal.Mapping() : null;
    }

    private string[]? List(char close)
    {
        var entries = new List<string>();
        while (!Skip(close))
        {
            if (entries.Count == MaxEntries || Entry() is not { } entry || !(Skip(',') || Peek(close)))
            {
                return null;
            }

            entries.Add(entry);
        }

        return AtEnd() ? [.. entries] : null;
    }

    private string[]? Mapping()
    {
        var entries = new Dictionary<int, string>();
        while (!Skip('}'))
        {
            if (entries.Count == MaxEntries || !int.TryParse(Entry(), NumberStyles.None, CultureInfo.InvariantCulture, out int key)
                || !Skip(':') || Entry() is not { } value || !(Skip(',') || Peek('}')) || !entries.TryAdd(key, value))
            {
                return null;
            }
        }

        var ordered = new string[entries.Count];
        for (int i = 0; i < ordered.Length; i++)
        {
            if (!entries.TryGetValue(i, out string? entry))
            {
                return null;
            }

            ordered[i] = entry;
        }

        return AtEnd() ? ordered : null;
    }

    /// <summary>Text in quotes, or a bare number; null for anything else.</summary>
    private string? Entry()
    {
        SkipSpace();
        if (_at == _text.Length)
        {
            return null;
        }

        char quote = _text[_at];
        if (quote is not ('\'' or '"'))
        {
            int start = _at;
            while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '-' or '.'))
            {
                _at++;
            }

            return _at > start ? _text[start.._at].ToString() : null;
        }

        var entry = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (c == quote)
            {
                _at++;
                return entry.ToString();
            }

            if (c == '\\' && ++_at < _text.Length)
            {
                c = _text[_at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'u' => Escaped(4), 'x' => Escaped(2), var other => other };
            }

            entry.Append(c);
        }

        return null;
    }

    private char Escaped(int digits)
    {
        if (_at + digits < _text.Length
            && int.TryParse(_text.Slice(_at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int code))
        {
            _at += digits;
            return (char)code;
        }

        return '?';
    }

    private bool Skip(char c)
    {
        bool found = Peek(c);
        _at += found ? 1 : 0;
        return found;
    }

    private bool Peek(char c)
    {
        SkipSpace();
        return _at < _text.Length && _text[_at] == c;
    }

    private bool AtEnd()
    {
        SkipSpace();
        return _at == _text.Length;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }
}
