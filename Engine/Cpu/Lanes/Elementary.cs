using System.Runtime.CompilerServices;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>
/// Functions beyond arithmetic, made of correctly rounded operations in a fixed order, so that every width of register gives the same bits.
/// Coefficients are least-maximum fits of our own; errors are against float64, over all float32 values in the range.
/// </summary>
internal static class Elementary
{
    private const double Log2E = 1.4426950408889634;

    /// <summary>ln 2 in two parts, the first with so few digits that its products with whole numbers are exact.</summary>
    private const double Ln2High = 0.693359375, Ln2Low = -2.12194440054690583e-4;

    /// <summary>1.5·2^23: what is added to it is rounded to a whole number.</summary>
    private const double Shift = 12582912;

    /// <summary>
    /// e^x = 2^n·e^r with n = round(x/ln 2), |r| ≤ ln 2/2, e^r = 1 + r + r²·p(r): an error below 1 unit in the last place. x is first
    /// brought to −87 to 88, between which the result is a normal number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : unmanaged, ILanes<T>
    {
        T high = T.Of(88), low = T.Of(-87);
        x = T.Select(T.IsPositive(T.Subtract(x, high)), high, x);
        x = T.Select(T.IsPositive(T.Subtract(low, x)), low, x);
        T shifted = T.FusedMultiplyAdd(x, T.Of(Log2E), T.Of(Shift));
        T n = T.Subtract(shifted, T.Of(Shift));
        T r = T.FusedMultiplyAdd(n, T.Of(-Ln2Low), T.FusedMultiplyAdd(n, T.Of(-Ln2High), x));
        T p = Polynomial(r, 0.0013814599951729178, 0.008368715643882751, 0.04166838899254799, 0.1666652113199234, 0.4999999403953552);
        T e = T.Add(T.FusedMultiplyAdd(T.Multiply(r, r), p, r), T.Of(1));
        return T.Multiply(e, T.PowerOfTwo(shifted));
    }

    /// <summary>erf x = x·p(x²) up to |x| = 0.93; 1 − e^(q(|x|)) with the sign of x beyond, 1 from |x| = 4 on: an error below
    /// 1.3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x) where T : unmanaged, ILanes<T>
    {
        T square = T.Multiply(x, x);
        T near = T.Multiply(x, Polynomial(square, 8.298780448967591e-05, -0.0008125678868964314, 0.005199517589062452,
            -0.026858782395720482, 0.11283684521913528, -0.37612631916999817, 1.128379225730896));
        T negative = T.IsPositive(T.Subtract(T.Zero, x)), four = T.Of(4);
        T t = T.Select(negative, T.Subtract(T.Zero, x), x);
        T small = T.IsPositive(T.Subtract(T.Of(0.93), t));
        T capped = T.Select(T.IsPositive(T.Subtract(t, four)), four, t);
        T far = T.Subtract(T.Of(1), Exp(Polynomial(capped, 0.0001949467696249485, -0.0030336924828588963, 0.022189777344465256,
            -0.10385637730360031, -0.6372657418251038, -1.1276273727416992, -0.00020700848835986108)));
        return T.Select(small, near, T.Select(negative, T.Subtract(T.Zero, far), far));
    }

    /// <summary>tanh x = x + x³·p(x²) up to |x| = 0.625; 1 − 2/(e^2|x| + 1) with the sign of x beyond: an error below 7.5e-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : unmanaged, ILanes<T>
    {
        T square = T.Multiply(x, x);
        T near = T.FusedMultiplyAdd(T.Multiply(x, square), Polynomial(square, -0.005660780239850283, 0.020601999014616013,
            -0.05372922867536545, 0.13331328332424164, -0.33333277702331543), x);
        T negative = T.IsPositive(T.Subtract(T.Zero, x)), one = T.Of(1);
        T t = T.Select(negative, T.Subtract(T.Zero, x), x);
        T far = T.Subtract(one, T.Divide(T.Of(2), T.Add(Exp(T.Add(t, t)), one)));
        T small = T.IsPositive(T.Subtract(T.Of(0.625), t));
        return T.Select(small, near, T.Select(negative, T.Subtract(T.Zero, far), far));
    }

    /// <summary>ln(1 + x) for x of 0 to 1 is 2·artanh s with s = x/(2 + x) ≤ 1/3: its series up to s¹⁵, whose rest is below 1e-9 of it:
    /// an error below 2 units in the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1p<T>(T x) where T : unmanaged, ILanes<T>
    {
        T s = T.Divide(x, T.Add(T.Of(2), x)), square = T.Multiply(s, s), twice = T.Add(s, s);
        T p = Polynomial(square, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3);
        return T.FusedMultiplyAdd(T.Multiply(twice, square), p, twice);
    }

    /// <summary>Horner's scheme, the highest power's coefficient first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, params ReadOnlySpan<double> coefficients) where T : unmanaged, ILanes<T>
    {
        T sum = T.Of(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
        {
            sum = T.FusedMultiplyAdd(sum, x, T.Of(coefficients[i]));
        }

        return sum;
    }
}
