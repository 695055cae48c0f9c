using Interp.Engine.Graph;

namespace Interp.Weights;

/// <summary>A model that is available by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Its raw tensor folder.</param>
/// <param name="Bundled">Whether it is shipped with the program.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="InputSize">Its input size in pixels.</param>
/// <param name="Parameters">Number of parameter values.</param>
/// <param name="Type">Storage type of its weights: <c>f32</c>, <c>f16</c>.</param>
/// <param name="Bytes">Size of its tensor file.</param>
public sealed record ModelInfo(string Name, string Folder, bool Bundled, int Classes, int InputSize, long Parameters, string Type, long Bytes);

/// <summary>Finds converted models by name or folder.</summary>
public static class ModelStore
{
    /// <summary>The model used when none is named.</summary>
    public const string DefaultModel = "vgg16-200";

    /// <summary>Every model that can be found by name.</summary>
    public static IReadOnlyList<ModelInfo> List() => throw new NotImplementedException();

    /// <summary>Loads a model by name or from a folder; its weights are memory-mapped, not copied.</summary>
    public static Network Load(string nameOrFolder) => throw new NotImplementedException(nameOrFolder);
}
