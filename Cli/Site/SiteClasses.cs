using Interp.Cli.Examples;
using Interp.Cli.Visualization;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Cli.Site;

/// <summary>Which classes have pages.</summary>
internal static class SiteClasses
{
    /// <exception cref="InputException">A class does not exist, or the network has none.</exception>
    internal static IReadOnlyList<int> Of(string text, Network network, IReadOnlyList<PhotoClass> photos)
    {
        if (text == SiteFlags.None)
        {
            return [];
        }

        if (text == SiteFlags.OfPhotos)
        {
            return [.. photos.Select(p => p.Class).Distinct().Order()];
        }

        VisualizeTargetFlags.RequireClasses(network, $"{SiteFlags.Classes.Name} {text}", $"{SiteFlags.Classes.Name} {SiteFlags.None}");
        return [.. UnitList.Classes(text, network.Labels, network.Classes).Order()];
    }
}
