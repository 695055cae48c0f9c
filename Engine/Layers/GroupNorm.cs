using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Group normalisation: y = γ[c]·x̂ + β[c] with x̂ = (x − μ)/σ, μ and σ = √(variance + ε) those of all pixels of the C/G neighbouring
/// channels of a group, for each image. Backward: R_in = (g − mean(g) − x̂·mean(g·x̂))/σ with g = γ·R, means over the group. With as many
/// groups as channels it is instance normalisation. Parameters: γ <c>[C]</c> and β <c>[C]</c>. Y. Wu, K. He, arXiv 1803.08494.
/// </summary>
/// <param name="Groups">G.</param>
/// <param name="Channels">C, or the features of <c>[N,F]</c>.</param>
/// <param name="Epsilon">ε.</param>
public sealed record GroupNorm(int Groups, int Channels, double Epsilon) : Layer
{
    internal const string Name = "groupnorm";

    /// <summary>The kinds, after PyTorch's modules: with several channels in a group, and with one.</summary>
    internal static readonly string[] Kinds = [Name, "instancenorm2d"];

    /// <inheritdoc/>
    public override string Kind => Kinds[Groups == Channels ? 1 : 0];

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<Shape> Parameters => [new Shape(Channels), new Shape(Channels)];

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        if (Epsilon is not (>= 0 and < 1))
        {
            throw new ModelException($"{Kind}: epsilon is {Epsilon}, expected 0 to 1");
        }

        return Groups >= 1 && Channels % Groups == 0
            ? Expect.Channels(Kind, inputs, Channels)
            : throw new ModelException($"{Kind}: {Channels} channels do not split into {Groups} groups");
    }
}
