using System.Globalization;
using Interp.Engine.Common;

namespace Interp.Engine.Adversarial;

/// <summary>How far an attack may go, in units of 0…1 pixels, as it was written: <c>8/255</c> or <c>0.03</c>.</summary>
/// <param name="Value">ε.</param>
/// <param name="Text">As it was written.</param>
public sealed record Epsilon(double Value, string Text)
{
    /// <summary>ε in grey levels: 255·ε, a whole number where it is one to within rounding.</summary>
    public double Levels => Math.Abs((255 * Value) - Math.Round(255 * Value)) < 1e-9 ? Math.Round(255 * Value) : 255 * Value;

    /// <summary>Whether it is a whole number of grey levels, of which an 8-bit image is made.</summary>
    public bool IsWhole => Levels == Math.Floor(Levels);

    /// <summary>Reads a number or a fraction of two numbers.</summary>
    /// <exception cref="InputException">The text is neither, or not above 0.</exception>
    public static Epsilon Parse(string text)
    {
        string[] parts = text.Split('/');
        double value = parts.Length switch
        {
            1 => Number(parts[0]),
            2 => Number(parts[0]) / Number(parts[1]),
            _ => double.NaN,
        };
        return value is > 0 and < double.MaxValue ? new Epsilon(value, text.Trim()) : throw Wrong();

        double Number(string part) =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) ? x : throw Wrong();

        InputException Wrong() => new($"'{text}': expected a number above 0 in units of 0…1 pixels, such as 8/255 or 0.03");
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
