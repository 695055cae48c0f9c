namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>An instruction's name, such as <c>ld.global.nc.f32</c>, and its parts.</summary>
internal sealed class Opcode
{
    private readonly string[] _parts;
    private readonly List<PtxType> _types = [];

    internal Opcode(string text)
    {
        Text = text;
        _parts = text.Split('.');
        foreach (string part in _parts)
        {
            if (PtxType.TryParse(part, out PtxType type))
            {
                _types.Add(type);
            }
        }
    }

    internal string Text { get; }

    /// <summary>The first part.</summary>
    internal string Root => _parts[0];

    internal ReadOnlySpan<string> Modifiers => _parts.AsSpan(1);

    /// <summary>The types named: of the result, and after it of the source if that is another.</summary>
    internal IReadOnlyList<PtxType> Types => _types;

    /// <summary>How many elements a vector access has; 1 for others.</summary>
    internal int VectorLength => Has("v4") ? 4 : Has("v2") ? 2 : 1;

    internal StateSpace Space =>
        Has("global") ? StateSpace.Global : Has("shared") ? StateSpace.Shared : Has("local") ? StateSpace.Local : Has("const")
        ? StateSpace.Const : StateSpace.Generic;

    internal bool Has(string modifier) => Array.IndexOf(_parts, modifier, 1) > 0;

    /// <summary>The name without a modifier.</summary>
    internal Opcode Without(string modifier) => new(string.Join('.', _parts.Where((p, i) => i == 0 || p != modifier)));

    public override string ToString() => Text;
}
