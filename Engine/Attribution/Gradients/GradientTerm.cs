namespace Interp.Engine.Attribution.Gradients;

/// <summary>One term of an attribution: factor · weight ⊙ ∂S/∂x at an input.</summary>
/// <param name="Input">Where the gradient is taken, <c>[C,H,W]</c>.</param>
/// <param name="Factor">One number for all values.</param>
/// <param name="Weight">One number for each value; null for 1.</param>
internal readonly record struct GradientTerm(float[] Input, double Factor = 1, float[]? Weight = null)
{
    /// <summary>Adds the term to a sum.</summary>
    public void AddTo(double[] sum, ReadOnlySpan<float> gradient)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += Factor * (Weight is null ? gradient[i] : (double)Weight[i] * gradient[i]);
        }
    }
}
