namespace Interp.Engine.Attribution;

/// <summary>What the values of an attribution stand for, and with that how it is drawn.</summary>
public enum AttributionKind
{
    /// <summary>One value for each channel of each pixel, <c>[C,H,W]</c>, in normalised-input units.</summary>
    ColorChannels,

    /// <summary>One value for each pixel, <c>[1,H,W]</c>.</summary>
    Map,
}
