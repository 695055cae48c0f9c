using System.Collections.Immutable;
using Interp.Engine.Tensors;

namespace Interp.Engine.Graph;

/// <summary>One node of a <see cref="Network"/>: a layer, where its inputs come from, and its parameters.</summary>
/// <param name="Id">Position in the network's list of nodes.</param>
/// <param name="Name">Unique name, torchvision's where it has one: <c>features.28</c>.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">Ids of the nodes whose outputs it reads; each is smaller than <paramref name="Id"/>.</param>
/// <param name="Weights">Its parameters, in the order of <see cref="Layer.Parameters"/>.</param>
public sealed record Node(int Id, string Name, Layer Layer, ImmutableArray<int> Inputs, ImmutableArray<Weight> Weights)
{
    /// <summary>Number of parameter values.</summary>
    public long ParameterCount => Weights.Sum(w => w.Shape.Count);
}
