namespace Interp.Engine.Influence;

/// <summary>An image that is asked about.</summary>
/// <param name="Features">Its features, as the training images' are; must not change afterwards.</param>
/// <param name="Label">The 0-based class whose loss −log p is explained: what the network says, or the truth.</param>
public sealed record TestPoint(float[] Features, int Label);
