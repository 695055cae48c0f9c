using Interp.Engine.Models;

namespace Interp.Engine.Visualization;

/// <summary>What the network makes of a finished image.</summary>
/// <param name="Probabilities">Of every class; none of a network without classes.</param>
/// <param name="Top">The first classes.</param>
/// <param name="Rank">Place of a channel among those of its layer by the mean of its map, 1 for the largest; equal ones share the better
/// place. Null if none was asked for.</param>
/// <param name="Channels">Number of channels of that layer.</param>
public sealed record ImageFacts(double[] Probabilities, IReadOnlyList<Prediction> Top, int? Rank, int? Channels);
