namespace Interp.Engine.Attribution;

/// <summary>
/// Says so where a method hides one part of the image after the other and the score stays the same: its map shows nothing of the image.
/// </summary>
internal static class ConstantScore
{
    /// <summary>
    /// Scores that differ by no more than this share of the largest count as equal where a map is made of scores rather than of their
    /// differences: masks decide all but the last digit of its float32 values.
    /// </summary>
    internal const double OfLevels = 1e-6;

    /// <summary>What to say, or null where the score changes, is not finite (which is said elsewhere), or was taken once only.</summary>
    /// <param name="target">What was scored.</param>
    /// <param name="scores">Its values.</param>
    /// <param name="hiding">What hid parts of the image: <c>the masks</c>.</param>
    /// <param name="shows">What the map shows in that case, and what to do.</param>
    /// <param name="tolerance">Which share of the largest score may lie between equal ones.</param>
    internal static string? Problem(Target target, IReadOnlyCollection<double> scores, string hiding, string shows, double tolerance = 0)
    {
        if (scores.Count < 2 || !scores.All(double.IsFinite) || scores.Max() - scores.Min() > tolerance * scores.Max(Math.Abs))
        {
            return null;
        }

        string constant = FormattableString.Invariant($"the {target.Description} is {scores.First():G6} for all {scores.Count} of them");
        return $"the score does not change with {hiding}: {constant}; {shows}";
    }
}
