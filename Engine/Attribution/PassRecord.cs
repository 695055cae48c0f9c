using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>
/// What the passes behind a map give for another target: the output of the targets' node at each input that was run, and the other target's
/// gradient, for which each batch runs backward once more. A method that then explains the other target takes from here what it finds, by
/// the SHA-256 of the input, and runs the rest, as where a path depends on the target. The same bits as without. For one caller at a time.
/// </summary>
/// <param name="network">The network whose passes are noted.</param>
/// <param name="other">The other target, of the same node as the explained one.</param>
internal sealed class PassRecord(Network network, Target other)
{
    private const long MostBytes = 256L << 20;
    private const int AtOnce = 8;
    private readonly Dictionary<(UInt128 Input, int Node), float[]> _outputs = [];
    private readonly Dictionary<(UInt128 Input, ReluRule Rule), (float[] Gradient, double Score)> _gradients = [];

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
        for (int i = 0; i < inputs.Length && !IsFull; i++)
        {
            if (_outputs.TryAdd((inputs[i], node.Id), output[(i * each)..((i + 1) * each)]))
            {
                Bytes += each * sizeof(float);
            }
        }
    }

    /// <summary>Runs a batch backward from the other target, and keeps what that gives; the session then holds its gradients.</summary>
    public void AddGradients(AttributionRequest request, Session session, ReluRule rule, ReadOnlySpan<UInt128> inputs)
    {
        if (IsFull)
        {
            return;
        }

        session.Backward(rule, request.Cancel, other.Seed(session));
        Backward += inputs.Length;
        float[] gradients = session.InputGradient();
        double[] scores = other.Scores(session);
        int each = gradients.Length / inputs.Length;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (_gradients.TryAdd((inputs[i], rule), (gradients[(i * each)..((i + 1) * each)], scores[i])))
            {
                Bytes += each * sizeof(float);
            }
        }
    }

    /// <summary>S of a target of the same node at many inputs, as <see cref="AttributionRequest.Scores"/>.</summary>
    public double[] Scores(AttributionRequest request, int count, InputFiller fill)
    {
        var scores = new double[count];
        Node node = request.Target.NodeIn(network);
        Shape shape = request.Forward().ShapeOf(node);
        ForEach(request, count, fill, input => _outputs.ContainsKey((input, node.Id)),
            (i, input) => scores[i] = request.Target.Scores(_outputs[(input, node.Id)], shape, network.OutputActivation)[0],
            (rest, inputs, indices) => request.Batches(rest, backward: false, inputs, [], (session, first, n) =>
            {
                double[] found = request.Target.Scores(session);
                for (int i = 0; i < n; i++)
                {
                    scores[indices[first + i]] = found[i];
                }
            }));
        return scores;
    }

    /// <summary>∂S / ∂x at many inputs, as <see cref="AttributionRequest.Gradients"/>.</summary>
    public void Gradients(AttributionRequest request, int count, ReluRule rule, InputFiller fill, GradientUser use)
    {
        var run = new Dictionary<int, (float[] Gradient, double Score)>();
        ForEach(request, count, fill, input => request.Target == other && _gradients.ContainsKey((input, rule)),
            (i, input) => run[i] = _gradients[(input, rule)],
            (rest, inputs, indices) => request.Gradients(
                rest, rule, inputs, (i, gradient, score) => run[indices[i]] = (gradient.ToArray(), score)),
            (first, n) =>
            {
                for (int i = first; i < first + n; i++)
                {
                    use(i, run[i].Gradient, run[i].Score);
                }

                run.Clear();
            });
    }

    /// <summary>Makes the inputs in order, a few at a time; takes those that are known, and has the others run.</summary>
    private static void ForEach(
        AttributionRequest request, int count, InputFiller fill, Func<UInt128, bool> isKnown, Action<int, UInt128> take,
        Action<int, InputFiller, List<int>> run, Action<int, int>? done = null)
    {
        var buffers = new float[Math.Min(AtOnce, count)][];
        for (int first = 0; first < count; first += AtOnce)
        {
            int n = Math.Min(AtOnce, count - first);
            List<int> unknown = [];
            for (int i = 0; i < n; i++)
            {
                fill(first + i, buffers[i] ??= new float[request.Input.Tensor.Length]);
                UInt128 input = HashOf(buffers[i]);
                if (isKnown(input))
                {
                    take(first + i, input);
                }
                else
                {
                    unknown.Add(first + i);
                }
            }

            if (unknown.Count > 0)
            {
                run(unknown.Count, (i, input) => buffers[unknown[i] - first].CopyTo(input), unknown);
            }

            done?.Invoke(first, n);
        }
    }

    /// <summary>The first half of an input's SHA-256.</summary>
    internal static UInt128 HashOf(ReadOnlySpan<float> input)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(input), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
