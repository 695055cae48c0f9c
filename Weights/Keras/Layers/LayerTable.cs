using Interp.Engine.Common;

namespace Interp.Weights.Keras.Layers;

/// <summary>Which layers are read, and how each becomes operators.</summary>
internal static class LayerTable
{
    /// <summary>Layers that pass their input on once a network is trained, and the settings that then do not matter.</summary>
    private static readonly HashSet<string> Idle = new(StringComparer.Ordinal)
    {
        "Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "Identity",
        "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
    };

    private static readonly Dictionary<string, Func<LayerCall, KerasValue>> Writers = new(StringComparer.Ordinal)
    {
        ["Conv2D"] = Convolutions.Conv2D,
        ["Convolution2D"] = Convolutions.Conv2D,
        ["DepthwiseConv2D"] = Convolutions.DepthwiseConv2D,
        ["SeparableConv2D"] = Convolutions.SeparableConv2D,
        ["Dense"] = Convolutions.Dense,
        ["BatchNormalization"] = Normalizations.Batch,
        ["BatchNormalizationV1"] = Normalizations.Batch,
        ["SyncBatchNormalization"] = Normalizations.Batch,
        ["LayerNormalization"] = Normalizations.Layer,
        ["Rescaling"] = Normalizations.Rescaling,
        ["Normalization"] = Normalizations.Given,
        ["Activation"] = Activations.Layer,
        ["ReLU"] = Activations.ReLU,
        ["LeakyReLU"] = Activations.LeakyReLU,
        ["ThresholdedReLU"] = Activations.ThresholdedReLU,
        ["ELU"] = Activations.ELU,
        ["PReLU"] = Activations.PReLU,
        ["Softmax"] = Activations.Softmax,
        ["MaxPooling2D"] = Pools.Max,
        ["AveragePooling2D"] = Pools.Average,
        ["GlobalAveragePooling2D"] = Pools.GlobalAverage,
        ["GlobalMaxPooling2D"] = Pools.GlobalMax,
        ["ZeroPadding2D"] = Pools.ZeroPadding,
        ["Cropping2D"] = Pools.Cropping,
        ["UpSampling2D"] = Pools.UpSampling,
        ["Flatten"] = Shapes.Flatten,
        ["Reshape"] = Shapes.Reshape,
        ["Permute"] = Shapes.Permute,
        ["Add"] = c => Merges.Chain(c, "Add"),
        ["Multiply"] = c => Merges.Chain(c, "Mul"),
        ["Maximum"] = c => Merges.Chain(c, "Max"),
        ["Minimum"] = c => Merges.Chain(c, "Min"),
        ["Subtract"] = Merges.Subtract,
        ["Average"] = Merges.Average,
        ["Concatenate"] = Merges.Concatenate,
    };

    /// <summary>The classes that are read.</summary>
    internal static IEnumerable<string> Classes => Writers.Keys.Concat(Idle);

    /// <summary>Whether a layer passes its input on.</summary>
    internal static bool IsIdle(string kind) => Idle.Contains(kind);

    /// <summary>Whether a layer can stand where an activation function can.</summary>
    internal static bool IsActivation(string kind) => kind is "ReLU" or "LeakyReLU" or "ThresholdedReLU" or "ELU" or "Softmax";

    /// <summary>Makes operators of one call of a layer.</summary>
    /// <exception cref="ModelException">Its class or one of its settings is not read.</exception>
    internal static KerasValue Write(string kind, LayerCall call)
    {
        if (IsIdle(kind))
        {
            return call.Input;
        }

        if (!Writers.TryGetValue(kind, out Func<LayerCall, KerasValue>? write))
        {
            throw new ModelException("layers of this class are not read; export the model to ONNX, or replace the layer");
        }

        call.Settings.Ignore("data_format");
        Precision.Require(call.Settings);
        KerasValue value = write(call);
        call.Settings.RequireAllRead();
        return value;
    }
}
