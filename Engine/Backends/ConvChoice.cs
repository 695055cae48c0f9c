namespace Interp.Engine.Backends;

/// <summary>Which algorithm computes convolutions.</summary>
public enum ConvChoice
{
    /// <summary>For each layer and direction the one that should be faster.</summary>
    Auto,

    /// <summary>Always direct: least memory.</summary>
    Direct,

    /// <summary>Winograd wherever it can: one group, stride 1, filters of 3×3 and on the CPU 5×5, there dilated up to 4 too.</summary>
    Winograd,
}
