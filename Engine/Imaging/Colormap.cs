using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>A colour map: 256 colours for values from 0 to 1.</summary>
public sealed class Colormap
{
    /// <summary>The name.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>All colour maps.</summary>
    public static Catalog<Colormap> All => throw new NotImplementedException();
}
