namespace Interp.Weights.Plans;

/// <summary>What a network of the package timm has that its tensors do not tell: its name there, and what was changed of it.</summary>
/// <param name="Architecture">The name: <c>tf_efficientnet_b0</c>.</param>
internal sealed record TimmSettings(string Architecture)
{
    /// <summary>The activation function in place of the architecture's own, or null.</summary>
    internal string? Activation { get; init; }

    /// <summary>Whether convolutions are padded as in TensorFlow, or null where it is as the architecture has it.</summary>
    internal bool? SamePadding { get; init; }

    /// <summary>The batch norms' ε in place of the architecture's own, or null.</summary>
    internal double? Epsilon { get; init; }
}
