using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Elementwise;

/// <summary>s·x + t, with one number each or one for each channel.</summary>
internal sealed record AffineForm(double[] Scale, double[] Shift)
{
    /// <summary>The form of an elementwise expression, or null where it is no such function of its element.</summary>
    internal static AffineForm? Of(Pending expression)
    {
        AffineForm[] forms = new AffineForm[expression.Operands.Length];
        for (int i = 0; i < forms.Length; i++)
        {
            AffineForm? form = expression.Operands[i] switch
            {
                { Numbers: { } numbers } => new([0], numbers),
                { Result: { } result } => Of(result),
                _ => new([1], [0]),
            };
            if (form is null)
            {
                return null;
            }

            forms[i] = form;
        }

        return expression.Function.Operator switch
        {
            "Identity" => forms[0],
            "Neg" => forms[0].Times([-1]),
            "Add" or "Sum" => Sum(forms),
            "Mean" => Sum(forms).Times([1.0 / forms.Length]),
            "Sub" => forms[0].Plus(forms[1].Times([-1])),
            "Mul" => forms[1].IsConstant ? forms[0].Times(forms[1].Shift) : forms[0].IsConstant ? forms[1].Times(forms[0].Shift) : null,
            "Div" => forms[1].IsConstant ? new(Each(forms[0].Scale, forms[1].Shift, (a, b) => a / b),
                Each(forms[0].Shift, forms[1].Shift, (a, b) => a / b)) : null,
            _ => null,
        };
    }

    /// <summary>Whether x has no part in it.</summary>
    internal bool IsConstant => Array.TrueForAll(Scale, s => s == 0);

    /// <summary>Whether it is x itself.</summary>
    internal bool IsNothing => Array.TrueForAll(Scale, s => s == 1) && Array.TrueForAll(Shift, t => t == 0);

    /// <summary>The numbers of each of so many channels.</summary>
    internal static double[] Spread(double[] numbers, int channels) =>
        numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], channels)] : numbers;

    private static AffineForm Sum(AffineForm[] forms) => forms.Aggregate((a, b) => a.Plus(b));

    private AffineForm Plus(AffineForm other) =>
        new(Each(Scale, other.Scale, (a, b) => a + b), Each(Shift, other.Shift, (a, b) => a + b));

    private AffineForm Times(double[] factor) => new(Each(Scale, factor, (a, b) => a * b), Each(Shift, factor, (a, b) => a * b));

    private static double[] Each(double[] a, double[] b, Func<double, double, double> of)
    {
        var result = new double[Math.Max(a.Length, b.Length)];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = of(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
        }

        return result;
    }
}
