using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Models;

namespace Interp.Weights;

/// <summary>A model that is available by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Its raw tensor folder.</param>
/// <param name="Bundled">Whether it is shipped with the program.</param>
/// <param name="Classes">Number of classes; 0 of a network without classes.</param>
/// <param name="InputSize">Height of its input in pixels.</param>
/// <param name="Parameters">Number of parameter values.</param>
/// <param name="Type">Storage type of its weights: <c>f32</c>, <c>f16</c>.</param>
/// <param name="Bytes">Size of its tensor file.</param>
/// <param name="Activation">How its logits become probabilities.</param>
public sealed record ModelInfo(
    string Name, string Folder, bool Bundled, int Classes, int InputSize, long Parameters, string Type, long Bytes,
    OutputActivation Activation)
{
    /// <summary>Width of its input in pixels.</summary>
    public int InputWidth { get; init; } = InputSize;

    /// <summary>Channels of its input: 3 for RGB, 1 for grey.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>What the converter assumed because the weight file does not say it, one line each.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];
}

/// <summary>Finds converted models by name or folder: those shipped beside the program, then those in the user's folder.</summary>
public static class ModelStore
{
    /// <summary>The model used when none is named.</summary>
    public const string DefaultModel = "vgg16-200";

    /// <summary>
    /// Where <c>convert</c> puts models by default: the environment variable <c>INTERP_MODELS</c>, else <c>interp/models</c> in the user's
    /// data folder (<c>$XDG_DATA_HOME</c>, by default <c>~/.local/share</c>).
    /// </summary>
    public static string UserFolder => Environment.GetEnvironmentVariable("INTERP_MODELS") is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Path.Combine(UserFolders.Data, "models");

    /// <summary>
    /// Where downloaded weight files go: <c>interp/weights</c> in the user's cache folder (<c>$XDG_CACHE_HOME</c>, by default
    /// <c>~/.cache</c>).
    /// </summary>
    public static string DownloadFolder => Path.Combine(UserFolders.Cache, "weights");

    private static ModelShelf Shelf => new(Path.Combine(AppContext.BaseDirectory, "models"), UserFolder);

    /// <summary>Every model that can be found by name, bundled ones first, each group in name order.</summary>
    public static IReadOnlyList<ModelInfo> List() => Shelf.Read().Models;

    /// <summary>One line for each folder among the models that cannot be used, and why.</summary>
    public static IReadOnlyList<string> Problems() => [.. Shelf.Read().Problems.Values];

    /// <summary>Loads a model by name or from a folder; its weights are memory-mapped, not copied.</summary>
    /// <exception cref="ModelException">There is no such model, and the message lists those there are; or it is damaged.</exception>
    public static Network Load(string nameOrFolder) => Shelf.Load(nameOrFolder);
}
