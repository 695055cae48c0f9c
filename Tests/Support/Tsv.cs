namespace Interp.Tests.Support;

/// <summary>Tables among the fixtures: tab-separated values under a line of column names. Lines that start with # are comments.</summary>
internal static class Tsv
{
    public static IReadOnlyList<Dictionary<string, string>> Read(params ReadOnlySpan<string> parts)
    {
        string path = Path.Combine([AppContext.BaseDirectory, "Fixtures", .. parts]);
        string[][] rows = [.. File.ReadLines(path).Where(l => l.Length > 0 && !l.StartsWith('#')).Select(l => l.Split('\t'))];
        return [.. rows.Skip(1).Select(r =>
        {
            Assert.HasCount(rows[0].Length, r, $"{path}: {string.Join(" ", r)}");
            return rows[0].Zip(r).ToDictionary(c => c.First, c => c.Second);
        })];
    }
}
