using Interp.Engine.Common;
using Interp.Engine.Influence.Methods;

namespace Interp.Engine.Influence;

/// <summary>All methods.</summary>
public static class InfluenceMethods
{
    /// <summary>The first-order estimate with the exact inverse Hessian.</summary>
    public static InfluenceMethod Influence { get; } = new FirstOrder();

    /// <summary>All methods by name.</summary>
    public static Catalog<InfluenceMethod> All { get; } = new(
        "influence method",
        m => m.Name,
        Influence,
        new RelatIf(),
        new TracIn(),
        new Trak(),
        new KroneckerInfluence(),
        new DataInf(),
        new Representer(),
        new Neighbours(),
        new RandomScores());
}
