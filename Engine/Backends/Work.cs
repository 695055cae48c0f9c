namespace Interp.Engine.Backends;

/// <summary>How much a network has run, counted in images.</summary>
/// <param name="Forward">Forward passes of one image.</param>
/// <param name="Backward">Backward passes of one image.</param>
public readonly record struct Work(long Forward, long Backward)
{
    /// <summary>What one has more than the other.</summary>
    public static Work operator -(Work a, Work b) => new(a.Forward - b.Forward, a.Backward - b.Backward);

    /// <summary>Both together.</summary>
    public static Work operator +(Work a, Work b) => new(a.Forward + b.Forward, a.Backward + b.Backward);
}
