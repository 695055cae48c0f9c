using System.Text.RegularExpressions;

namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>The tokens of PTX text, one after another. Comments are left out.</summary>
internal sealed partial class TokenReader
{
    private readonly List<Token> _tokens = [];
    private readonly string _file;
    private int _next;

    internal TokenReader(string text, string file)
    {
        _file = file;
        int line = 1;
        foreach (Match match in Lexeme().Matches(text))
        {
            if (match.Groups["other"].Success)
            {
                throw Error(line, $"'{match.Value}' is no PTX");
            }

            if (match.Groups["token"].Success)
            {
                _tokens.Add(new Token(match.Value, line));
            }

            line += match.ValueSpan.Count('\n');
        }
    }

    internal bool AtEnd => _next == _tokens.Count;

    /// <summary>The token to be read next; an empty one at the end.</summary>
    internal Token Peek => AtEnd ? new Token("", _tokens.Count == 0 ? 1 : _tokens[^1].Line) : _tokens[_next];

    internal Token Read()
    {
        Token token = Peek;
        _ = AtEnd ? throw Error(token.Line, "the text ends too early") : _next++;
        return token;
    }

    /// <summary>Reads the token if it is the one named.</summary>
    internal bool Accept(string text)
    {
        bool found = !AtEnd && Peek.Text == text;
        _next += found ? 1 : 0;
        return found;
    }

    internal void Expect(string text)
    {
        Token found = Read();
        if (found.Text != text)
        {
            throw Error(found.Line, $"expected '{text}', found '{found.Text}'");
        }
    }

    internal int ReadCount()
    {
        Token token = Read();
        return int.TryParse(token.Text, out int count) ? count : throw Error(token.Line, $"expected a number, found '{token.Text}'");
    }

    /// <summary>Leaves out what stands before the line's end: the rest of a directive of one line.</summary>
    internal void SkipLine(int line)
    {
        while (!AtEnd && Peek.Line == line)
        {
            _next++;
        }
    }

    /// <summary>Leaves out everything up to and with a token.</summary>
    internal void SkipPast(string text)
    {
        while (Read().Text != text)
        {
        }
    }

    internal PtxFault Error(int line, string what) => new(FaultKind.Syntax, $"{_file}:{line}: {what}");

    [GeneratedRegex("""
        (?<skipped>\s+|//[^\n]*|/\*.*?\*/)
        |(?<token>"[^"]*"|0[fFdD][0-9A-Fa-f]+|-?0[xX][0-9A-Fa-f]+U?|-?\d+U?|[%$._A-Za-z][\w$.]*|[\[\]{}()<>,;:@!|+=])
        |(?<other>.)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex Lexeme();
}
