using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Backends;

/// <summary>
/// A mutable run of an immutable network: one owner of memory, one caller at a time. All arrays that cross this interface are dense float32
/// in
/// <c>[N,C,H,W]</c> or <c>[N,F]</c> order, whatever layout the backend uses inside. The same calls give the same bits on one machine at any
/// number of threads.
/// </summary>
public abstract partial class Session : IDisposable
{
    private readonly ImmutableArray<Shape> _shapes;

    /// <summary>Takes the network and works out every node's shape.</summary>
    protected Session(Network network, SessionOptions options)
    {
        Network = network;
        Options = options;
        _shapes = network.Shapes(
            options.Batch,
            options.Height > 0 ? options.Height : network.Preprocessing.Height,
            options.Width > 0 ? options.Width : network.Preprocessing.Width);
    }

    /// <summary>The network that runs.</summary>
    public Network Network { get; }

    /// <summary>What the session was prepared for.</summary>
    public SessionOptions Options { get; }

    /// <summary>Shape of the input, <c>[N,C,H,W]</c>.</summary>
    public Shape InputShape => _shapes[0];

    /// <summary>Bytes that the session itself holds: activations, gradients, scratch; not the weights, which all sessions of a backend
    /// share.</summary>
    public abstract long Bytes { get; }

    /// <summary>How much it has run.</summary>
    public Work Work { get; private set; }

    /// <summary>Whether a backward pass would fail without another forward pass before it. That of a linear map may not need one, since
    /// it depends on no activation.</summary>
    internal virtual bool NeedsForward => Work.Forward == 0;

    /// <summary>Shape of a node's output.</summary>
    public Shape ShapeOf(Node node) => _shapes[node.Id];

    /// <summary>Computes the logits, and the activations that <see cref="SessionOptions.Keep"/> names.</summary>
    /// <param name="input">A batch in normalised units, <see cref="InputShape"/>.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="ArgumentException">The input is not as long as its shape says.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the session can be used again from the next forward pass on.</exception>
    public void Forward(ReadOnlySpan<float> input, CancellationToken cancel = default)
    {
        if (input.Length != InputShape.Count)
        {
            throw new ArgumentException($"expected {InputShape.Count} values for an input of shape {InputShape}, found {input.Length}",
                nameof(input));
        }

        RunForward(input, cancel);
        Work += new Work(Options.Batch, 0);
    }

    /// <summary>
    /// Backpropagates Σ_seeds ⟨seed, activation⟩ to the input through the activations of the last forward pass, with the given rule at
    /// every ReLU.
    /// May be called repeatedly after one forward pass, with different seeds and rules.
    /// </summary>
    /// <param name="rule">What ReLUs let through.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <param name="seeds">Where backpropagation starts: gradients at the output or at kept nodes.</param>
    /// <exception cref="InvalidOperationException">The session was not prepared for it, or no forward pass was completed.</exception>
    public void Backward(ReluRule rule, CancellationToken cancel, params ReadOnlySpan<Seed> seeds)
    {
        if (!Options.Backward)
        {
            throw new InvalidOperationException("this session was opened with Backward = false");
        }

        foreach (Seed seed in seeds)
        {
            RequireKept(seed.Node);
            if (seed.Gradient.Length != ShapeOf(seed.Node).Count)
            {
                throw new ArgumentException(
                    $"the seed at '{seed.Node.Name}' has {seed.Gradient.Length} values, expected shape {ShapeOf(seed.Node)}",
                    nameof(seeds));
            }
        }

        RunBackward(rule, seeds, cancel);
        Work += new Work(0, Options.Batch);
    }

    /// <summary>The output of a kept node, the input or the last node after <see cref="Forward"/>.</summary>
    public float[] Activation(Node node)
    {
        RequireKept(node);
        var values = new float[ShapeOf(node).Count];
        ReadActivation(node, values);
        return values;
    }

    /// <summary><see cref="Activation(Node)"/>, written to memory of the caller's.</summary>
    /// <param name="node">A kept node, the input or the last node.</param>
    /// <param name="destination">As many values as the node's shape has.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public void Activation(Node node, Span<float> destination)
    {
        RequirePlace(node, destination.Length);
        ReadActivation(node, destination);
    }

    /// <summary><see cref="Activation(Node)"/>, an array for each image of the batch.</summary>
    internal float[][] ActivationOfEach(Node node)
    {
        float[] all = Activation(node);
        return Options.Batch == 1 ? [all] : [.. all.Chunk(all.Length / Options.Batch)];
    }

    /// <summary>Says where the network's frames lie in the forward passes to come.</summary>
    /// <param name="known">A session of the same backend with one image, which has run forward and keeps what the frames take from it, and
    /// which stays as it is until these passes are over.</param>
    /// <param name="frames">For each frame, by its slot.</param>
    internal virtual void Place(Session known, IReadOnlyList<FrameSource> frames) =>
        throw new NotSupportedException("this backend has no frames");

    /// <summary>The gradient at the output of a kept node, the input or the last node after <see cref="Backward"/>.</summary>
    public float[] Gradient(Node node)
    {
        RequireKept(node);
        var values = new float[ShapeOf(node).Count];
        ReadGradient(node, values);
        return values;
    }

    /// <summary><see cref="Gradient(Node)"/>, written to memory of the caller's.</summary>
    /// <inheritdoc cref="Activation(Node, Span{float})"/>
    public void Gradient(Node node, Span<float> destination)
    {
        RequirePlace(node, destination.Length);
        ReadGradient(node, destination);
    }

    /// <summary>The logits of the last forward pass, <c>[N,classes]</c>.</summary>
    public float[] Logits() => Activation(Network.Output);

    /// <summary>The gradient at the input after the last backward pass, <see cref="InputShape"/>.</summary>
    public float[] InputGradient() => Gradient(Network.Input);

    /// <summary><see cref="InputGradient()"/>, written to memory of the caller's.</summary>
    /// <param name="destination">As many values as <see cref="InputShape"/> has.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public void InputGradient(Span<float> destination) => Gradient(Network.Input, destination);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a node's activation and gradient can be read.</summary>
    protected bool IsKept(Node node) => node.Id == 0 || node.Id == Network.Output.Id || Options.Keep.Contains(node);

    /// <summary>Runs the forward pass on an input of the right length.</summary>
    protected abstract void RunForward(ReadOnlySpan<float> input, CancellationToken cancel);

    /// <summary>Runs the backward pass from checked seeds.</summary>
    protected abstract void RunBackward(ReluRule rule, ReadOnlySpan<Seed> seeds, CancellationToken cancel);

    /// <summary>Copies out a kept node's activation.</summary>
    protected abstract void ReadActivation(Node node, Span<float> destination);

    /// <summary>Copies out a kept node's gradient.</summary>
    protected abstract void ReadGradient(Node node, Span<float> destination);

    /// <summary>Frees the session's memory.</summary>
    protected abstract void Dispose(bool disposing);

    private void RequirePlace(Node node, int length)
    {
        RequireKept(node);
        if (length != ShapeOf(node).Count)
        {
            throw new ArgumentException($"'{node.Name}' has shape {ShapeOf(node)}, the destination has {length} values");
        }
    }

    private void RequireKept(Node node)
    {
        if (!IsKept(node))
        {
            throw new InvalidOperationException($"node '{node.Name}' is not kept: name it in SessionOptions.Keep");
        }
    }
}

/// <summary>Where backpropagation starts: the gradient of the explained scalar with respect to one node's output.</summary>
/// <param name="Node">The output node or a kept one.</param>
/// <param name="Gradient">Dense values of the node's shape.</param>
public readonly record struct Seed(Node Node, ReadOnlyMemory<float> Gradient);
