namespace Interp.Weights.Formats.Pickle;

/// <summary>Stands for any value that a weight file may hold but that nothing is read from: bytes, huge integers, devices.</summary>
internal sealed class Inert
{
    /// <summary>The one value.</summary>
    public static readonly Inert Value = new();

    private Inert()
    {
    }
}
