using System.Buffers;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution;

/// <summary>The scalar S that is explained: a function of one node's output, computed for each input of a batch on its own.</summary>
public abstract record Target
{
    /// <summary>What kind of scalar it is: <c>logit</c>, <c>probability</c>, <c>neuron</c>, …</summary>
    public abstract string Quantity { get; }

    /// <summary>The scalar in words: <c>logit of class 30</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The class that is explained, or null for a target that is none.</summary>
    public virtual int? Class => null;

    /// <summary>The node whose output the scalar is a function of.</summary>
    public virtual Node NodeIn(Network network) => network.Output;

    /// <summary>S for each row of a batch.</summary>
    /// <param name="activation">The node's output, dense.</param>
    /// <param name="shape">Its shape, <c>[N,…]</c>.</param>
    /// <param name="output">How the network's logits become probabilities, for targets that are such.</param>
    public abstract double[] Scores(ReadOnlySpan<float> activation, Shape shape, OutputActivation output);

    /// <summary>∂S / ∂ activation for each row of a batch, of the activation's shape.</summary>
    /// <inheritdoc cref="Scores(ReadOnlySpan{float}, Shape, OutputActivation)"/>
    public abstract float[] Gradient(ReadOnlySpan<float> activation, Shape shape, OutputActivation output);

    /// <summary>S for each input of a session that keeps the target's node and has run forward.</summary>
    public double[] Scores(Session session) => Scores(session, NodeIn(session.Network), session.Network.OutputActivation);

    /// <summary>Where backpropagation of S starts in a session that keeps the target's node and has run forward.</summary>
    public Seed Seed(Session session)
    {
        Node node = NodeIn(session.Network);
        return new Seed(node, OfActivation(session, node, a => Gradient(a, session.ShapeOf(node), session.Network.OutputActivation)));
    }

    /// <summary>S for each input of a session of a part of the network, where a node stands for the target's.</summary>
    internal double[] Scores(Session session, Node node, OutputActivation output) =>
        OfActivation(session, node, a => Scores(a, session.ShapeOf(node), output));

    /// <summary>A function of a node's output, which lies in memory that all share.</summary>
    private static T OfActivation<T>(Session session, Node node, Func<ReadOnlySpan<float>, T> function)
    {
        int length = (int)session.ShapeOf(node).Count;
        float[] values = ArrayPool<float>.Shared.Rent(length);
        try
        {
            session.Activation(node, values.AsSpan(0, length));
            return function(values.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
