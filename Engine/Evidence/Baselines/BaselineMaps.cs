using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Engine.Evidence.Baselines;

/// <summary>
/// Maps that know nothing of the network, to compare real ones with. They are not among the attribution methods that a user can choose,
/// since they explain
/// nothing.
/// </summary>
public static class BaselineMaps
{
    /// <summary>All baselines.</summary>
    public static Catalog<AttributionMethod> All { get; } = new(
        "baseline", m => m.Name, RandomMap.Pixels, RandomMap.Blocks, SobelMap.Instance);
}
