namespace Interp.Cli.Charts;

/// <summary>
/// Colours that people with any colour vision tell apart: those of M. Okabe and K. Ito ("Color Universal Design", 2008) less black, the
/// yellow darkened so that it shows on white, and a brown.
/// </summary>
internal static class ChartColors
{
    private static readonly int[] s_palette = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0xB8A400, 0x7A6A5B];

    private static readonly string[] s_categories = ["object", "texture", "scene", "color", "part", "shape", "material", "edge"];

    /// <summary>The n-th colour; after the last the first again.</summary>
    public static Paint Of(int n) => new(s_palette[n % s_palette.Length]);

    /// <summary>
    /// A colour for each of some names: of a category its own, the same in every chart; of others the next that none of them has, and after
    /// the last the first again.
    /// </summary>
    public static Paint[] Of(IReadOnlyList<string> names)
    {
        int[] places = [.. names.Select(n => Array.IndexOf(s_categories, n))];
        int[] free = [.. Enumerable.Range(0, s_palette.Length).Except(places), .. Enumerable.Range(0, s_palette.Length)];
        int next = 0;
        return [.. places.Select(p => new Paint(s_palette[p >= 0 ? p : free[next++ % free.Length]]))];
    }
}
