using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>What an objective's text may name besides units of the network: photos. Both throw an <c>InputException</c> for a file that
/// cannot be read.</summary>
/// <param name="Activations">A node's output on the photo at a path, prepared as the images are that are optimised: its shape <c>[1,…]</c>
/// and its values, dense.</param>
/// <param name="Image">The photo at a path at the size of the images that are optimised: <c>[3,H,W]</c>, values 0…1.</param>
public sealed record ObjectiveSources(Func<string, Node, (Shape Shape, float[] Values)> Activations, Func<string, float[]> Image);
