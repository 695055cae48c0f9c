using System.Globalization;

namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>Numbers of PTX: decimal, <c>0x</c> hexadecimal, and the bits of floats, <c>0f</c> with 8 and <c>0d</c> with 16
/// digits.</summary>
internal static class Literal
{
    /// <summary>The number's bits; a negative one in two's complement of 64 bits.</summary>
    internal static bool TryParse(string text, out ulong bits)
    {
        bits = 0;
        if (text.Length > 2 && text[0] == '0' && "fFdD".Contains(text[1], StringComparison.Ordinal))
        {
            return ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out bits);
        }

        bool negative = text.StartsWith('-');
        ReadOnlySpan<char> digits = text.AsSpan(negative ? 1 : 0).TrimEnd('U');
        bool hex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!ulong.TryParse(hex ? digits[2..] : digits, hex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture,
            out bits))
        {
            return false;
        }

        bits = negative ? 0 - bits : bits;
        return true;
    }
}
