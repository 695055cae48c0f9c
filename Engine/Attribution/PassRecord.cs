using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>
/// What the passes behind a map give for another target. Methods that ask for scores: the output of the targets' node at each input;
/// such a method that then explains the other target takes from here what it finds, by the SHA-256 of the input, and runs the rest.
/// Methods that sum gradients over inputs which do not depend on the target: the other target's sum, for which each batch runs
/// backward once more. The same bits as without. For one caller at a time.
/// </summary>
/// <param name="network">The network whose passes are noted.</param>
/// <param name="other">The other target, of the same node as the explained one.</param>
internal sealed class PassRecord(Network network, Target other)
{
    private const long MostBytes = 256L << 20;
    private const int AtOnce = 8;
    private readonly Dictionary<(UInt128 Input, int Node), float[]> _outputs = [];
    private ISampleStream? _own;
    private ISampleStream? _sums;
    private ISampleStream? _given;
    private OptionValues? _options;

    /// <summary>The network whose passes are noted.</summary>
    public Network Network => network;

    /// <summary>Backward passes that were run for the other target while the map was made.</summary>
    public int Backward { get; private set; }

    /// <summary>About what is held.</summary>
    public long Bytes { get; private set; }

    private bool IsFull => Bytes >= MostBytes;

    /// <summary>Keeps what a batch gave at its inputs.</summary>
    public void AddOutputs(AttributionRequest request, Session session, ReadOnlySpan<UInt128> inputs)
    {
        Node node = request.Target.NodeIn(network);
        float[] output = session.Activation(node);
        int each = output.Length / inputs.Length;
        for (int i = 0; i < inputs.Length; i++)
        {
            AddOutput(node, inputs[i], output.AsSpan(i * each, each));
        }
    }

    /// <summary>Keeps what a node gave at an input.</summary>
    public void AddOutput(Node node, UInt128 input, ReadOnlySpan<float> output)
    {
        if (!IsFull && _outputs.TryAdd((input, node.Id), output.ToArray()))
        {
            Bytes += output.Length * sizeof(float);
        }
    }

    /// <summary>Runs a batch backward from the other target, and sums what that gives; the session then holds its gradients.</summary>
    /// <param name="request">The explained target's.</param>
    /// <param name="session">Has run forward.</param>
    /// <param name="rule">What ReLUs let through.</param>
    /// <param name="own">Takes the explained target's gradients; those beside a second one are not summed.</param>
    /// <param name="terms">A term for each row.</param>
    /// <param name="each">How many terms make a sample.</param>
    public void AddGradients(
        AttributionRequest request, Session session, ReluRule rule, ISampleStream own, ReadOnlySpan<GradientTerm> terms, int each)
    {
        if (_own is null)
        {
            (_own, _options, _sums) = (own, request.Options, request.Explainer.Backend.Images.CreateStream());
        }

        if (_own == own)
        {
            session.Backward(rule, request.Cancel, other.Seed(session));
            Backward += terms.Length;
            _sums!.Add(terms, each, session.HeldGradients());
        }
    }

    /// <summary>The sums for a request of the other target under the same options, for the caller to dispose of, or null.</summary>
    public ISampleStream? TakeSums(AttributionRequest request)
    {
        if (request.Target != other || !ReferenceEquals(request.Options, _options) || !ReferenceEquals(request.Network, network))
        {
            return null;
        }

        (ISampleStream? sums, _sums) = (_sums, null);
        _given = sums;
        return sums;
    }

    /// <summary>Whether a stream came from here, with all that its method adds to it.</summary>
    public bool Gave(ISampleStream stream) => ReferenceEquals(stream, _given);

    /// <summary>S of a target of the same node at many inputs, as <see cref="AttributionRequest.Scores(int, InputFiller, bool)"/>; those
    /// at unknown inputs are run.</summary>
    public double[] Scores(AttributionRequest request, int count, InputFiller fill)
    {
        var scores = new double[count];
        Shape shape = request.Forward().ShapeOf(request.Target.NodeIn(network));
        var buffers = new float[Math.Min(AtOnce, count)][];
        for (int first = 0; first < count; first += AtOnce)
        {
            List<int> unknown = [];
            for (int i = 0; i < Math.Min(AtOnce, count - first); i++)
            {
                fill(first + i, buffers[i] ??= new float[request.Input.Tensor.Length]);
                if (Known(request, HashOf(buffers[i]), shape) is { } score)
                {
                    scores[first + i] = score;
                }
                else
                {
                    unknown.Add(i);
                }
            }

            double[] run = request.Scores(unknown.Count, (i, input) => buffers[unknown[i]].CopyTo(input));
            for (int i = 0; i < run.Length; i++)
            {
                scores[first + unknown[i]] = run[i];
            }
        }

        return scores;
    }

    /// <summary>The same at variations of an image.</summary>
    public double[] Scores(AttributionRequest request, MaskedImages images, int[] which)
    {
        Shape shape = request.Forward().ShapeOf(request.Target.NodeIn(network));
        double?[] known = Array.ConvertAll(which, i => Known(request, images.Key(i), shape));
        double[] run = request.Scores(images, [.. which.Where((_, i) => known[i] is null)]);
        int next = 0;
        return Array.ConvertAll(known, score => score ?? run[next++]);
    }

    /// <summary>The first half of an input's SHA-256.</summary>
    internal static UInt128 HashOf(ReadOnlySpan<float> input)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(input), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>S at an input, if it is known what the target's node gave there.</summary>
    private double? Known(AttributionRequest request, UInt128 input, Shape shape) =>
        _outputs.TryGetValue((input, request.Target.NodeIn(network).Id), out float[]? output)
            ? request.Target.Scores(output, shape, network.OutputActivation)[0] : null;
}
