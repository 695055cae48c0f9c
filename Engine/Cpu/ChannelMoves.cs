using Interp.Engine.Backends;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Cpu;

/// <summary>
/// Slices, shuffles and concatenations: where their channels come from. One that only others of them read, and that nobody keeps, is
/// never made: its readers take the channels from where they are, so that a shuffle between a concatenation and a slice costs no pass.
/// </summary>
internal sealed class ChannelMoves(Network network, GraphReaders readers, Func<Node, bool> isKept)
{
    /// <summary>What comes from more values than this is made: its readers' gradients would go to each of them.</summary>
    private const int MostValues = 4;

    private readonly Dictionary<int, (CpuValue Value, int Channel)[]> _unmade = [];

    /// <summary>The channels of maps one behind the other.</summary>
    public static ChannelSource[] Concatenation(Blocked[] inputs) =>
        [.. inputs.SelectMany((x, input) => Enumerable.Range(0, x.C).Select(c => new ChannelSource(input, c)))];

    /// <summary>Whether a node only moves channels.</summary>
    public bool Is(Node node) => node.Layer is ChannelSlice or ChannelShuffle
        || (node.Layer is Concat && readers.SoleReader(node) is not { Layer: ChannelAffine });

    /// <summary>Notes a node that need not be made, and says so.</summary>
    public bool Skips(Node node, CpuValue?[] values)
    {
        Node[] reading = [.. readers.Of(node)];
        if (reading.Length == 0 || isKept(node) || node.Id == network.Output.Id || !reading.All(Is))
        {
            return false;
        }

        (CpuValue Value, int Channel)[] channels = Trace(node, values);
        return channels.Select(c => c.Value).Distinct().Count() <= MostValues && _unmade.TryAdd(node.Id, channels);
    }

    /// <summary>The values that a node is made of, and which of their channels, each once at most, make its own. A value whose channels
    /// are taken twice counts as two.</summary>
    public (CpuValue[] Inputs, ChannelSource[] Channels) Sources(Node node, CpuValue?[] values)
    {
        var inputs = new List<(CpuValue Value, int Time)>();
        var times = new Dictionary<(CpuValue, int), int>();
        var channels = new List<ChannelSource>();
        foreach ((CpuValue Value, int Channel) source in Trace(node, values))
        {
            int time = times[source] = times.GetValueOrDefault(source) + 1;
            int input = inputs.IndexOf((source.Value, time));
            if (input < 0)
            {
                input = inputs.Count;
                inputs.Add((source.Value, time));
            }

            channels.Add(new ChannelSource(input, source.Channel));
        }

        return ([.. inputs.Select(i => i.Value)], [.. channels]);
    }

    private (CpuValue Value, int Channel)[] Trace(Node node, CpuValue?[] values)
    {
        (CpuValue Value, int Channel)[] read = [.. node.Inputs.SelectMany(i => _unmade.TryGetValue(i, out var unmade) ? unmade
            : Enumerable.Range(0, values[i]!.Shape.C).Select(c => (values[i]!, c)))];
        return node.Layer switch
        {
            ChannelSlice slice => read[slice.First..(slice.First + slice.Count)],
            // Output channel j·G + i is input channel i·C/G + j.
            ChannelShuffle { Groups: var g } => [.. read.Select((_, c) => read[(c % g * (read.Length / g)) + (c / g)])],
            _ => read,
        };
    }
}
