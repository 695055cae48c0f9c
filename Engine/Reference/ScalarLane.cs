using Interp.Engine.Rules;

namespace Interp.Engine.Reference;

/// <summary>One float64 number as ReLU rules see it. As a mask it is 1 where set and 0 elsewhere.</summary>
internal readonly record struct ScalarLane(double Value) : IMaskable<ScalarLane>
{
    public static ScalarLane Mask(bool set) => new(set ? 1 : 0);

    public static ScalarLane IsPositive(ScalarLane value) => Mask(value.Value > 0);

    public static ScalarLane Either(ScalarLane mask, ScalarLane other) => Mask(mask.Value != 0 || other.Value != 0);

    public static ScalarLane Keep(ScalarLane mask, ScalarLane value) => mask.Value != 0 ? value : default;
}
