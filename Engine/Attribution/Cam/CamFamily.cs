namespace Interp.Engine.Attribution.Cam;

/// <summary>Methods that weigh the feature maps of a layer: class activation maps.</summary>
internal static class CamFamily
{
    internal static IEnumerable<AttributionMethod> Methods =>
    [
    ];
}
