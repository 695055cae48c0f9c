using System.Collections.Immutable;

namespace Interp.Weights.Keras.Layers;

/// <summary>Layers that move values about.</summary>
internal static class Shapes
{
    /// <summary><c>Flatten</c>, in the order height, width, channels whatever the data format is.</summary>
    internal static KerasValue Flatten(LayerCall call)
    {
        KerasValue x = call.Input;
        if (call.ChannelsFirst && x.Rank > 2)
        {
            x = call.Transpose(x, [0, .. Enumerable.Range(2, x.Rank - 2), 1]);
        }

        long? size = x.Shape.Skip(1).Aggregate((long?)1, (product, s) => product * s);
        return call.Add("Flatten", [x.Shape[0], size], [x.Name], ("axis", 1L));
    }

    /// <summary><c>Reshape</c>; the batch stays.</summary>
    internal static KerasValue Reshape(LayerCall call)
    {
        ImmutableArray<long> target = call.Settings.Wholes("target_shape") ?? throw LayerSettings.Missing("target_shape");
        if (target.Any(s => s is 0 or < -1) || target.Count(s => s == -1) > 1 || target.Length > Formats.StoredTensor.MaxRank)
        {
            throw LayerSettings.Wrong("target_shape", "a shape");
        }

        KerasValue x = call.Input;
        string shape = call.Graph.Wholes($"{call.Path}/shape", [0, .. target]);
        return call.Add("Reshape", [x.Shape[0], .. Known(x, target)], [x.Name, shape]);
    }

    /// <summary><c>Permute</c>; axes are counted from 1 after the batch.</summary>
    internal static KerasValue Permute(LayerCall call)
    {
        KerasValue x = call.Input;
        ImmutableArray<long> axes = call.Settings.Wholes("dims") ?? throw LayerSettings.Missing("dims");
        return axes.Order().SequenceEqual(Enumerable.Range(1, x.Rank - 1).Select(a => (long)a))
            ? call.Transpose(x, [0, .. axes.Select(a => (int)a)]) : throw LayerSettings.Wrong("dims", "the axes after the batch");
    }

    /// <summary>The sizes of a target, −1 replaced where all others are known.</summary>
    private static IEnumerable<long?> Known(KerasValue x, ImmutableArray<long> target)
    {
        long? all = x.Shape.Skip(1).Aggregate((long?)1, (product, s) => product * s);
        long others = target.Where(s => s != -1).Aggregate(1L, (product, s) => unchecked(product * s));
        return target.Select(s => s != -1 ? s : others == 0 ? null : all / others);
    }
}
