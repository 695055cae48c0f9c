using System.Diagnostics;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;
using Interp.Engine.Tensors;

namespace Interp.Engine.Dissection;

/// <summary>One dissection at work: a pass for the thresholds, masks from kept maps or a second pass, counts, chance.</summary>
internal sealed class DissectionRun : IDisposable
{
    private static readonly TimeSpan s_checkpoint = TimeSpan.FromMinutes(1);
    private const int ImagesThatTell = 64, MostAgain = 256;
    private readonly LabelSet _set;
    private readonly DissectionOptions _options;
    private readonly Action<DissectionProgress>? _progress;
    private readonly CancellationToken _cancel;
    private readonly LayerRun _run;
    private readonly LabelGrid _grid;
    private readonly ImageReader _reader;
    private readonly RunState _state;
    private readonly MapCache _cache;
    private readonly string _owner;
    private readonly ParallelOptions _parallel;

    internal DissectionRun(
        Explainer explainer, IReadOnlyList<Node> layers, LabelSet set, DissectionOptions options, Action<DissectionProgress>? progress,
        CancellationToken cancel)
    {
        Network network = explainer.Network;
        (_set, _options, _progress, _cancel) = (set, options, progress, cancel);
        _parallel = options.Parallel(CancellationToken.None);
        _run = new LayerRun(explainer, layers);
        _grid = LabelGrid.Of(network.Preprocessing, options.LabelSize);
        _reader = new ImageReader(network, set, _grid, options);
        _state = new RunState([.. layers.Select(l => LayerState.Of(network, l, _grid, set.Count, layers.Count, options))]);
        foreach (LayerState layer in _state.Layers)
        {
            layer.Rank(set.Count, options.Quantile);
        }

        _cache = new MapCache(options.CacheSize);
        _owner = _state.Owner(network, set, options);
    }

    public void Dispose() => _cache.Dispose();

    internal IReadOnlyList<Dissection> Work()
    {
        if (_options.StateFile is { } path && StateFile.TryRead(path, _owner, _state.Read))
        {
            _options.Note?.Invoke($"going on from an earlier run, which has seen {_state.Next} of {_set.Count} images");
            foreach (string message in _state.Failed.Values)
            {
                _options.Failed?.Invoke(message);
            }
        }

        try
        {
            Tails();
            Refine();
            Masks();
            IReadOnlyList<Dissection> results = Results();
            if (_options.StateFile is { } state && File.Exists(state))
            {
                File.Delete(state);
            }

            return results;
        }
        catch (OperationCanceledException)
        {
            Save();
            throw;
        }
    }

    /// <summary>The counts, and what chance gives.</summary>
    private IReadOnlyList<Dissection> Results()
    {
        var labels = new LabelTable(_state.Labels, _set, _grid, _options.MinImages);
        if (labels.Concepts.Length == 0)
        {
            throw new InputException(labels.LeftOut == 0
                ? $"labels {_set.Source}: no image has a label that is known in what the network sees of it; 'labels' says what is there"
                : $"labels {_set.Source}: none of {labels.LeftOut} concepts is in {_options.MinImages} images or more; give more images, "
                + "or allow fewer");
        }

        return new DissectionCounts(_set, labels, _state, _options).Results(
            b => _progress?.Invoke(new DissectionProgress("chance", b, _options.Permutations)), _cancel);
    }

    /// <summary>The first pass: the largest values of each unit, the most exciting images, the labels.</summary>
    private void Tails()
    {
        var clock = Stopwatch.StartNew();
        int[] left = [.. Enumerable.Range(_state.Next, _set.Count - _state.Next)];
        foreach ((IReadOnlyList<GridImage> images, IReadOnlyList<(int Index, string Message)> failed) in _reader.Batches(left, _cancel))
        {
            foreach ((int index, string message) in failed)
            {
                _state.Failed[index] = message;
                _options.Failed?.Invoke(message);
            }

            Each(
                images,
                (layer, l, image, maps) =>
                {
                    layer.Take(maps, image, _parallel);
                    if (layer.Tails.InMemory)
                    {
                        _cache.Add(image.Index, l, maps.Span, layer.Grid, layer.Tails.Bound);
                    }
                },
                _state.Finish);
            _state.FinishBefore(1 + Math.Max(
                images.Count > 0 ? images[^1].Index : 0, failed.Count > 0 ? failed[^1].Index : 0));
            _progress?.Invoke(new DissectionProgress("activations", _state.Next, _set.Count));
            if (clock.Elapsed > s_checkpoint)
            {
                Save();
                clock.Restart();
            }
        }

        if (_state.Used.Count == 0)
        {
            throw new InputException($"labels {_set.Source}: none of {_set.Count} images could be used");
        }
    }

    /// <summary>The thresholds; a pass of its own where the largest values did not fit.</summary>
    private void Refine()
    {
        if (_state.HasThresholds)
        {
            return;
        }

        bool[] open = [.. _state.Layers.Select(l => l.Tails.Locate(l.Rank(_state.Used.Count, _options.Quantile)))];
        if (open.Contains(true))
        {
            Again("tails", [.. _state.Used], 0, (layer, _, _, maps) => layer.Refine(maps, _parallel));
        }

        foreach (LayerState layer in _state.Layers)
        {
            layer.Settle(layer.Rank(_state.Used.Count, _options.Quantile));
        }
    }

    /// <summary>The masks of every image, from kept maps where there are any.</summary>
    private void Masks()
    {
        int[] left = [.. _state.Used.Skip(_state.Layers[0].Masks.Count)];
        RequireRoom();
        float[][] maps = [.. _state.Layers.Select(l => new float[l.Channels.Length * l.Plane])];
        for (int i = 0; i < left.Length;)
        {
            _cancel.ThrowIfCancellationRequested();
            if (_cache.Has(left[i], maps.Length))
            {
                for (int l = 0; l < maps.Length; l++)
                {
                    _cache.Read(left[i], l, maps[l], _state.Layers[l].Grid);
                }

                for (int l = 0; l < maps.Length; l++)
                {
                    _state.Layers[l].Mask(maps[l], _parallel);
                }

                i++;
                RequireRoom();
                _progress?.Invoke(new DissectionProgress("masks", _state.Layers[0].Masks.Count, _state.Used.Count));
                continue;
            }

            int[] run = [.. left.Skip(i).TakeWhile(index => !_cache.Has(index, maps.Length)).Take(MostAgain)];
            Again("masks", run, _state.Layers[0].Masks.Count, (layer, _, _, values) => layer.Mask(values, _parallel));
            i += run.Length;
            RequireRoom();
        }
    }

    /// <summary>Refuses masks and labels that will not fit, as soon as some images' show it.</summary>
    /// <exception cref="BackendException">They will not.</exception>
    private void RequireRoom()
    {
        int images = _state.Used.Count, seen = _state.Layers.Min(l => l.Masks.Count);
        long labels = _state.LabelBytes;
        double all = labels + (_state.MaskBytes * ((double)images / Math.Max(1, seen)));
        if (Math.Max(labels, seen >= Math.Min(images, ImagesThatTell) ? all : 0) > _options.MostForMasks)
        {
            Save();
            throw new BackendException(
                $"memory limit: the masks and labels of {images} images need about {(long)Math.Ceiling(all / (1 << 20))} MiB, and "
                + $"{_options.MostForMasks >> 20} MiB may be taken for them; allow more, or take fewer layers, channels or images, or a "
                + "smaller label size");
        }
    }

    /// <summary>Runs images again that were read before.</summary>
    private void Again(string stage, int[] indices, int done, Action<LayerState, int, GridImage, ReadOnlyMemory<float>> use)
    {
        foreach ((IReadOnlyList<GridImage> images, IReadOnlyList<(int Index, string Message)> failed) in _reader.Batches(indices, _cancel))
        {
            if (failed.Count > 0)
            {
                throw new InputException($"{failed[0].Message} (it could be read a moment ago)");
            }

            Each(images, use);
            _progress?.Invoke(new DissectionProgress(stage, done += images.Count, _state.Used.Count));
        }
    }

    /// <summary>Runs a batch, and hands on each image's maps of the wanted channels of each layer. Once an image is begun nothing stops
    /// before all layers have it.</summary>
    private void Each(
        IReadOnlyList<GridImage> images, Action<LayerState, int, GridImage, ReadOnlyMemory<float>> use, Action<GridImage>? finish = null)
    {
        if (images.Count > 0)
        {
            _run.Run([.. images.Select(i => i.Input)], Take, _cancel);
        }

        void Take(int l, int first, Shape shape, float[] values)
        {
            LayerState layer = _state.Layers[l];
            int each = (int)(shape.Count / shape[0]);
            for (int n = 0; n < shape[0]; n++)
            {
                use(layer, l, images[first + n], layer.Chosen(values.AsMemory(n * each, each)));
                if (l == _state.Layers.Length - 1)
                {
                    finish?.Invoke(images[first + n]);
                }
            }
        }
    }

    private void Save()
    {
        if (_options.StateFile is { } path && _state.Next > 0)
        {
            StateFile.Write(path, _owner, _state.Write);
        }
    }
}
