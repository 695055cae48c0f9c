namespace Interp.Engine.Attribution.Gradients;

/// <summary>The straight line from a baseline x' to an input x.</summary>
/// <param name="Start">x'.</param>
/// <param name="End">x.</param>
internal readonly record struct StraightLine(float[] Start, float[] End)
{
    /// <summary>x − x'.</summary>
    public float[] Difference => [.. End.Zip(Start, (x, s) => x - s)];

    /// <summary>x' + α·(x − x').</summary>
    public float[] At(double alpha)
    {
        var point = new float[End.Length];
        for (int i = 0; i < point.Length; i++)
        {
            point[i] = (float)(Start[i] + (alpha * ((double)End[i] - Start[i])));
        }

        return point;
    }
}
