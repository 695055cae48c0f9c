using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Fully connected layer: y[n,o] = b[o] + Σ_i w[o,i] · x[n,i]; its gradient with respect to x is wᵀ·R.
/// Parameters: weight <c>[O,I]</c> and, if <see cref="Bias"/>, bias <c>[O]</c>.
/// </summary>
/// <param name="InFeatures">I.</param>
/// <param name="OutFeatures">O.</param>
/// <param name="Bias">Whether there is a bias.</param>
public sealed record Linear(int InFeatures, int OutFeatures, bool Bias = true) : Layer
{
    internal const string Name = "linear";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<Shape> Parameters
    {
        get
        {
            var weight = new Shape(OutFeatures, InFeatures);
            return Bias ? [weight, new Shape(OutFeatures)] : [weight];
        }
    }

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Shape x = Expect.One(Name, inputs, rank: 2);
        return x[1] == InFeatures
            ? new Shape(x[0], OutFeatures)
            : throw new ModelException($"linear: expected {InFeatures} input features, found {x}");
    }
}
