using Interp.Engine.Statistics;

namespace Interp.Engine.Numbers;

/// <summary>One float64 number as ReLU rules and activation functions see it. As a mask it is 1 where set and 0 elsewhere.</summary>
internal readonly record struct ScalarLane(double Value) : IReal<ScalarLane>
{
    public static ScalarLane Of(double constant) => new(constant);

    public static ScalarLane Add(ScalarLane a, ScalarLane b) => new(a.Value + b.Value);

    public static ScalarLane Subtract(ScalarLane a, ScalarLane b) => new(a.Value - b.Value);

    public static ScalarLane Multiply(ScalarLane a, ScalarLane b) => new(a.Value * b.Value);

    public static ScalarLane Divide(ScalarLane a, ScalarLane b) => new(a.Value / b.Value);

    public static ScalarLane Exp(ScalarLane x) => new(Math.Exp(x.Value));

    public static ScalarLane Erf(ScalarLane x) => new(ErrorFunction.Of(x.Value));

    /// <summary>ln u · x/(u − 1) with u = 1 + x rounded, in which the rounding cancels (W. Kahan; D. Goldberg, ACM Computing
    /// Surveys 23 (1991), theorem 4).</summary>
    public static ScalarLane Log1p(ScalarLane x)
    {
        double u = 1 + x.Value;
        return new(u == 1 ? x.Value : Math.Log(u) * x.Value / (u - 1));
    }

    public static ScalarLane Tanh(ScalarLane x) => new(Math.Tanh(x.Value));

    public static ScalarLane Mask(bool set) => new(set ? 1 : 0);

    public static ScalarLane IsPositive(ScalarLane value) => Mask(value.Value > 0);

    public static ScalarLane Either(ScalarLane mask, ScalarLane other) => Mask(mask.Value != 0 || other.Value != 0);

    public static ScalarLane Keep(ScalarLane mask, ScalarLane value) => mask.Value != 0 ? value : default;

    public static ScalarLane Select(ScalarLane mask, ScalarLane a, ScalarLane b) => mask.Value != 0 ? a : b;
}
