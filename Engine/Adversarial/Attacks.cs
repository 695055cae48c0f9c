using Interp.Engine.Common;

namespace Interp.Engine.Adversarial;

/// <summary>All attacks.</summary>
public static class Attacks
{
    /// <summary>By name.</summary>
    public static Catalog<Attack> All { get; } = new("attack", a => a.Name, new Fgsm());
}
