namespace Interp.Engine.Dissection;

/// <summary>Where the points of a grid lie between the positions of a map, along one axis: point i between positions Low and High, a share
/// Part of the way from the first to the second.</summary>
/// <param name="Low">The position at or before each point.</param>
/// <param name="High">The one behind it, or the same at the border, beyond which the outermost position's value goes on.</param>
/// <param name="Part">0 … 1.</param>
internal sealed record MapAxis(int[] Low, int[] High, double[] Part)
{
    /// <summary>Positions whose centres lie at <paramref name="first"/>, <paramref name="first"/> + <paramref name="stride"/>, … in pixels
    /// from the input's edge.</summary>
    /// <param name="points">Points of the grid.</param>
    /// <param name="input">Pixels of the input.</param>
    /// <param name="positions">Positions of the map.</param>
    /// <param name="first">Centre of the first position.</param>
    /// <param name="stride">Pixels from one to the next.</param>
    internal static MapAxis Of(int points, int input, int positions, double first, double stride)
    {
        var axis = new MapAxis(new int[points], new int[points], new double[points]);
        for (int i = 0; i < points; i++)
        {
            double at = Math.Clamp((((i + 0.5) * input / points) - first) / stride, 0, positions - 1);
            int low = Math.Min((int)at, Math.Max(0, positions - 2));
            axis.Low[i] = low;
            axis.High[i] = Math.Min(low + 1, positions - 1);
            axis.Part[i] = at - low;
        }

        return axis;
    }
}
