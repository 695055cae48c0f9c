using System.Globalization;

namespace Interp.Engine.Visualization.Transforms;

/// <summary>
/// What a random number is drawn from: a range, <c>0.9..1.1</c>, where it is uniform, or a list, <c>0.9/1/1/1.1</c>, whose entries are as
/// likely as each other.
/// </summary>
public sealed class Spread
{
    private readonly IReadOnlyList<double> _values;
    private readonly bool _isRange;

    private Spread(bool isRange, IReadOnlyList<double> values) => (_isRange, _values) = (isRange, values);

    /// <summary>The smallest number.</summary>
    public double Least => _values.Min();

    /// <summary>The largest.</summary>
    public double Most => _values.Max();

    /// <summary>Uniform in a range.</summary>
    public static Spread Between(double least, double most) => new(isRange: true, [least, most]);

    /// <summary>One of a list; an entry that stands there twice comes twice as often.</summary>
    public static Spread OneOf(params IReadOnlyList<double> values) => new(isRange: false, values);

    /// <inheritdoc/>
    public override string ToString() => string.Join(_isRange ? ".." : "/", _values.Select(v => v.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads a range or a list of at least two.</summary>
    /// <exception cref="FormatException">Something else stands there.</exception>
    internal static Spread Parse(string text)
    {
        bool isRange = text.Contains("..", StringComparison.Ordinal);
        double[] values = [
            .. text.Split(isRange ? ".." : "/").Select(v => double.Parse(v, NumberStyles.Float, CultureInfo.InvariantCulture))];
        return isRange ? values.Length == 2 && values[0] <= values[1] ? new Spread(isRange, values) : throw new FormatException()
            : values.Length > 1 ? new Spread(isRange, values) : throw new FormatException();
    }

    internal double Draw(Dice dice) =>
        _isRange ? _values[0] + ((_values[1] - _values[0]) * dice.Uniform()) : _values[dice.Whole(_values.Count - 1)];
}
