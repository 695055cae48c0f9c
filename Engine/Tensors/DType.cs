namespace Interp.Engine.Tensors;

/// <summary>The element type of a stored weight. The engine computes in float32 whatever the storage.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary32, little-endian.</summary>
    Float32,

    /// <summary>IEEE 754 binary16, little-endian.</summary>
    Float16,
}

/// <summary>Sizes and names of the element types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType type) => type == DType.Float32 ? 4 : 2;

    /// <summary>The name used in <c>model.json</c> and on the command line: <c>f32</c> or <c>f16</c>.</summary>
    public static string Name(this DType type) => type == DType.Float32 ? "f32" : "f16";

    /// <summary>The type with the given name, or null.</summary>
    public static DType? Parse(string name) => name switch { "f32" => DType.Float32, "f16" => DType.Float16, _ => null };
}
