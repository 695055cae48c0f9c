using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;
using Interp.Engine.Tensors;

namespace Interp.Engine.Dissection;

/// <summary>What is gathered of one layer: the largest values of each unit, its most exciting images, its threshold, its masks.</summary>
internal sealed class LayerState
{
    private readonly TopExamples[] _examples;
    private readonly int _wanted;

    private LayerState(Node layer, int[] channels, bool all, MapGrid grid, UnitTails tails, int places, int examples)
    {
        (Layer, Channels, HasAll, Grid, Tails, _wanted) = (layer, channels, all, grid, tails, examples);
        Words = PlaneBits.WordsOf(places);
        _examples = [.. channels.Select(_ => new TopExamples(Math.Max(1, examples), least: false, ExampleRank.Max))];
    }

    internal Node Layer { get; }

    internal int[] Channels { get; }

    internal MapGrid Grid { get; }

    internal UnitTails Tails { get; }

    internal float[] Thresholds { get; private set; } = [];

    internal MaskStore Masks { get; } = new();

    /// <summary>Positions of a map.</summary>
    internal int Plane => Grid.Height * Grid.Width;

    /// <summary>Words of the label grid.</summary>
    internal int Words { get; }

    private bool HasAll { get; }

    internal static LayerState Of(Network network, Node layer, LabelGrid grid, int images, int layers, DissectionOptions options)
    {
        Shape shape = network.OwnShapes[layer.Id];
        int[] channels = options.Channels is { } some ? [.. some] : [.. Enumerable.Range(0, shape[1])];
        if (channels.FirstOrDefault(k => k < 0 || k >= shape[1], -1) is var wrong && wrong >= 0)
        {
            throw new InputException($"channel {wrong}: layer {layer.Name} has channels 0 to {shape[1] - 1}");
        }

        MapGrid map = MapGrid.Of(network, layer, grid, options.Enlargement);
        long count = UnitTails.Rank(options.Quantile, (long)images * map.Height * map.Width);
        bool fits = count < 1 << 29 && UnitTails.Bytes(channels.Length, count) <= options.MostForTails / layers;
        return new LayerState(
            layer, channels, channels.Length == shape[1], map, new UnitTails(channels.Length, (int)Math.Min(count, int.MaxValue), fits),
            grid.Height * grid.Width, options.Examples);
    }

    /// <summary>The maps of the wanted channels.</summary>
    internal ReadOnlyMemory<float> Chosen(ReadOnlyMemory<float> maps)
    {
        if (HasAll)
        {
            return maps;
        }

        var chosen = new float[Channels.Length * Plane];
        for (int u = 0; u < Channels.Length; u++)
        {
            maps.Span.Slice(Channels[u] * Plane, Plane).CopyTo(chosen.AsSpan(u * Plane));
        }

        return chosen;
    }

    /// <summary>Takes an image in the first pass.</summary>
    internal void Take(ReadOnlyMemory<float> maps, GridImage image, ParallelOptions parallel)
    {
        var shape = new Shape(1, Channels.Length, Grid.Height, Grid.Width);
        InParallel(parallel, u =>
        {
            _examples[u].Offer(image.Input.Path, image.Index, UnitReading.Of(maps.Span, shape, 0, u));
            Tails.Add(u, maps.Span.Slice(u * Plane, Plane));
        });
    }

    /// <summary>Takes an image in the pass that finds the thresholds among few values.</summary>
    internal void Refine(ReadOnlyMemory<float> maps, ParallelOptions parallel) =>
        InParallel(parallel, u => Tails.Refine(u, maps.Span.Slice(u * Plane, Plane)));

    internal void Settle(long rank)
    {
        Thresholds = [.. Enumerable.Range(0, Channels.Length).Select(u => Tails.Threshold(u, rank))];
        Tails.Clear();
    }

    /// <summary>The threshold's rank among the values of a unit.</summary>
    /// <exception cref="InputException">It is the first: no value can exceed it, so there would be no masks.</exception>
    internal long Rank(int images, double quantile)
    {
        long values = (long)images * Plane, rank = UnitTails.Rank(quantile, values);
        return rank > 1 ? rank : throw new InputException(
            $"layer {Layer.Name}: a unit has {values} activations in {images} images, and the share {quantile} of them is less than one: "
            + $"masks would be empty; give more images, or a larger quantile");
    }

    /// <summary>Makes an image's masks.</summary>
    internal void Mask(ReadOnlyMemory<float> maps, ParallelOptions parallel)
    {
        var masks = new (int Unit, ushort[] At, ulong[] Words)?[Channels.Length];
        InParallel(parallel, u =>
        {
            var words = new ulong[Words];
            if (Grid.Mask(maps.Span.Slice(u * Plane, Plane), Thresholds[u], words))
            {
                ushort[] at = [.. Enumerable.Range(0, Words).Where(w => words[w] != 0).Select(w => (ushort)w)];
                masks[u] = (u, at, [.. at.Select(w => words[w])]);
            }
        });
        Masks.Add(ImageMasks.Joined([.. masks.OfType<(int Unit, ushort[] At, ulong[] Words)>()]));
    }

    /// <summary>The largest activation of a unit.</summary>
    internal float MostOf(int unit) => _examples[unit].Best[0].Value;

    /// <summary>The most exciting images of a unit, by their places in the set.</summary>
    internal IEnumerable<(int Image, UnitExample Example)> Examples(int unit) =>
        _examples[unit].Best.Take(_wanted).Select(e => (e.Part!.Value, e));

    internal void Write(BinaryWriter writer)
    {
        StateFile.WriteArray<float>(writer, Thresholds);
        if (Thresholds.Length == 0)
        {
            Tails.Write(writer);
        }

        Masks.Write(writer);
        foreach (TopExamples examples in _examples)
        {
            writer.Write(examples.Best.Count);
            foreach (UnitExample e in examples.Best)
            {
                writer.Write(e.Image);
                writer.Write(e.Part!.Value);
                writer.Write(e.Value);
                writer.Write(e.Mean);
                writer.Write(e.Y);
                writer.Write(e.X);
            }
        }
    }

    internal void Read(BinaryReader reader)
    {
        Thresholds = StateFile.ReadArray<float>(reader);
        if (Thresholds.Length == 0)
        {
            Tails.Read(reader);
        }

        Masks.Read(reader);
        foreach (TopExamples examples in _examples)
        {
            for (int n = reader.ReadInt32(); n > 0; n--)
            {
                examples.Offer(new UnitExample(
                    reader.ReadString(), reader.ReadInt32(), reader.ReadSingle(), reader.ReadDouble(), reader.ReadInt32(),
                    reader.ReadInt32()));
            }
        }
    }

    private void InParallel(ParallelOptions parallel, Action<int> unit)
    {
        try
        {
            Parallel.For(0, Channels.Length, parallel, unit);
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
