namespace Interp.Weights.Plans;

/// <summary>A family whose variants have the same names and shapes, so that some are taken only where a user names them.</summary>
internal interface INamedOnly
{
    /// <summary>Whether this variant is.</summary>
    bool NamedOnly { get; }
}
