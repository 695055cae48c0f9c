using Interp.Engine.Common;

namespace Interp.Weights;

/// <summary>A folder as the Hugging Face Hub has it: a network's weights under one of the usual names.</summary>
internal static class HubFolder
{
    private static readonly string[] Names =
        ["model.safetensors", "pytorch_model.bin", "model.onnx", "model.pt2", "model.keras", "model.h5"];

    /// <summary>The file to read where a folder is given; what is no folder is left as it is.</summary>
    /// <exception cref="ModelException">There is no weight file in it, or one in parts.</exception>
    internal static string WeightFile(string source)
    {
        if (!Directory.Exists(source))
        {
            return source;
        }

        if (Names.FirstOrDefault(n => File.Exists(Path.Combine(source, n))) is { } found)
        {
            return Path.Combine(source, found);
        }

        throw new ModelException(Directory.EnumerateFiles(source, "*.index.json").Any()
            ? $"{source}: its weights are in several files, expected one; save the network again with a larger max_shard_size"
            : $"{source}: is a folder without {string.Join(", ", Names)}; name the weight file in it");
    }
}
