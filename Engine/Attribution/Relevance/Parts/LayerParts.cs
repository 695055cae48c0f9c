using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>
/// Networks of one layer each, by which rules run a layer apart from its network, on the same backend: with its own weights, which are
/// shared and not copied, or with a part of them. Sessions, and copied parts of weights up to a limit, are held for the next image, and
/// sessions share one block of memory where the backend can; parts above the limit are made anew and freed after use. Parts of fully
/// connected layers are never copied, see <see cref="RowsRun"/>.
/// </summary>
/// <param name="backend">Where they run.</param>
internal sealed class LayerParts(IBackend backend) : IDisposable
{
    /// <summary>Bytes of copied weights that are held: all convolutions of VGG16 in two parts, as α-β takes them.</summary>
    private const long HeldLimit = 128L << 20;

    private readonly Dictionary<(Node Node, WeightPart Part, bool Bias), Part> _held = [];
    private readonly LentMemory _memory = new();
    private long _heldBytes;

    /// <summary>Arrays, and arithmetic on them.</summary>
    public ArrayWork Work { get; } = new(backend);

    /// <summary>Those of an explainer, which keeps them from one image to the next.</summary>
    public static LayerParts Of(Explainer explainer) => explainer.Own(() => new LayerParts(explainer.Backend));

    /// <summary>A run of a node's layer. Layers without weights run as they are.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Its input's shape for one image.</param>
    /// <param name="weights">What becomes of its weights, and of its biases too.</param>
    /// <param name="bias">Whether it adds its biases.</param>
    /// <param name="isShared">Whether the layer's pass closes the run, instead of its user.</param>
    /// <param name="cancel">Cancels a run.</param>
    public PartRun Open(Node node, Shape input, WeightPart weights, bool bias, bool isShared, CancellationToken cancel)
    {
        if (node.Layer is Linear && weights != WeightPart.Own)
        {
            return new RowsRun(node, weights, bias, Work) { IsShared = isShared };
        }

        if (!_held.TryGetValue((node, weights, bias), out Part? part))
        {
            part = Make(node, input, weights, bias);
            part.Held = _heldBytes + part.CopiedBytes <= HeldLimit;
            if (part.Held)
            {
                _held.Add((node, weights, bias), part);
                _heldBytes += part.CopiedBytes;
            }
        }

        Session session = part.Open(backend, _memory, input.Rank == 4 ? (input[2], input[3]) : (1, 1));
        return new SessionRun(session, part.Bias, Work, part.Held ? () => { } : part.Dispose, cancel) { IsShared = isShared };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Part part in _held.Values)
        {
            part.Dispose();
        }

        _held.Clear();
        _heldBytes = 0;
        _memory.Dispose();
    }

    private static Part Make(Node node, Shape input, WeightPart part, bool bias)
    {
        var copies = new List<NativeBuffer>();
        Layer layer = node.Layer switch
        {
            Conv2d conv => conv with { Bias = conv.Bias && bias },
            Linear linear => linear with { Bias = linear.Bias && bias },
            _ => node.Layer,
        };
        Weight[] weights = [.. node.Weights.Take(layer.Parameters.Count).Select(w => part == WeightPart.Own ? w : Copy(w, part, copies))];
        if (layer is ChannelAffine && !bias)
        {
            weights[1] = Copy(weights[1], WeightPart.Scaled(0, 0), copies);
        }

        var builder = new NetworkBuilder(input[1]);
        if (input.Rank == 2)
        {
            builder.Then("row", new Flatten());
        }

        int size = input.Rank == 4 ? Math.Max(input[2], input[3]) : 1;
        Network network = builder.Then(node.Name, layer, weights).BuildPart(node.Name, size);
        return new Part(network, weights.Length > 1 ? weights[1].ToArray() : [], copies);
    }

    private static unsafe Weight Copy(Weight weight, WeightPart part, List<NativeBuffer> copies)
    {
        var memory = new NativeBuffer(Math.Max(1, weight.Shape.Count) * sizeof(float));
        copies.Add(memory);
        var values = new Span<float>((void*)memory.Address, checked((int)weight.Shape.Count));
        weight.CopyTo(values);
        part.Apply(values);
        return new Weight(weight.Name, weight.Shape, DType.Float32, memory.Address, memory);
    }

    private sealed class Part(Network network, float[] bias, List<NativeBuffer> copies) : IDisposable
    {
        private Session? _session;

        public float[] Bias => bias;

        public long CopiedBytes => copies.Sum(c => c.Bytes);

        public bool Held { get; set; }

        /// <summary>Its session for images of a size; that for another size is closed.</summary>
        public Session Open(IBackend backend, LentMemory memory, (int Height, int Width) size)
        {
            if (_session is null || (_session.Options.Height, _session.Options.Width) != size)
            {
                _session?.Dispose();
                _session = backend.Open(
                    network, new SessionOptions { Height = size.Height, Width = size.Width, Memory = memory });
            }

            return _session;
        }

        public void Dispose()
        {
            _session?.Dispose();
            copies.ForEach(c => c.Dispose());
        }
    }
}
