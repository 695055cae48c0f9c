namespace Interp.Engine.Attribution;

/// <summary>What the values of an attribution stand for, and with that how it is drawn.</summary>
public enum AttributionKind
{
    /// <summary>How much the target changes with each channel of each pixel, <c>[C,H,W]</c>: gradients. Heat map: max over channels of
    /// |g|.</summary>
    Sensitivity,

    /// <summary>How much each channel of each pixel adds to the target, <c>[C,H,W]</c>: shares of a sum. Heat map: Σ over channels,
    /// signed.</summary>
    Contribution,

    /// <summary>How much each pixel matters, <c>[1,H,W]</c>, usually not below 0: class activation maps.</summary>
    Map,

    /// <summary>How much each pixel speaks for the target or against it, <c>[1,H,W]</c>, signed: occlusion.</summary>
    SignedMap,
}

/// <summary>What follows from an <see cref="AttributionKind"/>.</summary>
public static class AttributionKinds
{
    /// <summary>Whether there is one value for a pixel rather than one for each of its channels.</summary>
    public static bool IsMap(this AttributionKind kind) => kind is AttributionKind.Map or AttributionKind.SignedMap;
}
