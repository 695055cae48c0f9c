using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// The target when one map of a layer after another is 0. The layers that take each channel on its own (<see cref="ChannelChain"/>) run
/// twice, on the maps and on zeros; a linear layer behind them gives the outputs of all removals in one walk over its weights
/// (<see cref="LinearDifferences"/>); only what then follows runs for each removal, which is nothing where the linear layer's outputs are
/// the scores, as in a residual network. What comes from around the layer stays the image's.
/// </summary>
internal sealed class ChannelRemoval
{
    /// <summary>Values of a linear layer's outputs that are held at a time: 64 MiB.</summary>
    private const int MostValues = 1 << 24;

    private readonly int _mostValues;

    private readonly FeatureMaps _maps;
    private readonly AttributionRequest _request;
    private readonly Node _end;
    private readonly (int Height, int Width) _size;
    private readonly NetworkTail? _rest;

    /// <param name="maps">The layer's maps, of which the target is a function.</param>
    /// <param name="target">The target's node.</param>
    /// <param name="rerun">Whether each removal runs through all layers behind.</param>
    /// <param name="mostValues">Values of a linear layer's outputs that are held at a time.</param>
    internal ChannelRemoval(FeatureMaps maps, Node target, bool rerun, int mostValues = MostValues)
    {
        (_maps, _request, _mostValues) = (maps, maps.Request, mostValues);
        _size = (_request.Input.Image.Height, _request.Input.Image.Width);
        (_end, Linear) = rerun ? new ChannelChain(maps.Layer, null) : ChannelChain.Behind(_request.Network, maps.Layer, target);
        if (Linear is null || Linear.Id != target.Id)
        {
            _rest = NetworkTail.Behind(_request.Network, Linear ?? _end, target, _size);
        }
    }

    /// <summary>The linear layer whose outputs are found by differences, or null.</summary>
    internal Node? Linear { get; }

    /// <summary>Layers that run for each removal.</summary>
    internal int Layers => _rest?.Layers ?? 0;

    /// <summary>S of all maps, then without each of the channels.</summary>
    internal double[] Scores(int[] channels)
    {
        float[][] values = ValuesAtTheEnd();
        (float[] whole, float[] without) = (values[0], values[1]);
        if (Linear is not null)
        {
            return ScoresByDifferences(new LinearDifferences(Linear, whole, without, _maps.Channels), channels);
        }

        int each = whole.Length / _maps.Channels;
        return _rest!.Scores(_request, channels.Length + 1, (i, input) =>
        {
            whole.CopyTo(input);
            if (i > 0)
            {
                int at = channels[i - 1] * each;
                without.AsSpan(at, each).CopyTo(input[at..]);
            }
        });
    }

    /// <summary>What the layers that take each channel on its own make of the maps and of maps of zeros.</summary>
    private float[][] ValuesAtTheEnd() => _end.Id == _maps.Layer.Id
        ? [_maps.Activation.ToArray(), new float[_maps.Activation.Length]]
        : NetworkTail.Behind(_request.Network, _maps.Layer, _end, _size).Outputs(
            _request.Explainer,
            2,
            (i, input) =>
            {
                if (i == 0)
                {
                    _maps.Activation.CopyTo(input);
                }
                else
                {
                    input.Clear();
                }
            },
            (_, _) => default,
            _request.Cancel);

    private double[] ScoresByDifferences(LinearDifferences differences, int[] channels)
    {
        var scores = new double[channels.Length + 1];
        ParallelOptions parallel = ThreadLimit.Of(_request.Explainer.Backend.Info.Threads, _request.Cancel);
        int most = Math.Max(1, _mostValues / differences.Count), first = 0;
        do
        {
            int[] some = channels[first..Math.Min(channels.Length, first + most)];
            double[] found = Behind(differences.Outputs(some, parallel), some.Length + 1, differences.Count);
            scores[0] = found[0];
            found.AsSpan(1).CopyTo(scores.AsSpan(first + 1));
            first += some.Length;
        }
        while (first < channels.Length);
        return scores;
    }

    /// <summary>S of some rows of the linear layer's outputs.</summary>
    private double[] Behind(float[] rows, int count, int each) =>
        _rest is null ? _request.Target.Scores(rows, new Shape(count, each), _request.Network.OutputActivation)
            : _rest.Scores(_request, count, (i, input) => rows.AsSpan(i * each, each).CopyTo(input));
}
