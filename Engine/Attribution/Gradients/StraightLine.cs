namespace Interp.Engine.Attribution.Gradients;

/// <summary>The straight line from a baseline x' to an input x.</summary>
/// <param name="Start">x'.</param>
/// <param name="End">x.</param>
internal readonly record struct StraightLine(float[] Start, float[] End);
