using System.Text.Json.Serialization;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Graph;

/// <summary>
/// What a node of the graph computes: sizes and attributes, no data. A layer is an immutable record; how it runs, forward and backward, is
/// the business of each backend. The attributes are what <c>model.json</c> stores of it. A new layer is one record in <c>Layers</c>, the
/// line below that names it, and its kernel in each backend.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Input), Input.Name)]
[JsonDerivedType(typeof(Conv2d), Conv2d.Name)]
[JsonDerivedType(typeof(ReLU), ReLU.Name)]
[JsonDerivedType(typeof(MaxPool2d), MaxPool2d.Name)]
[JsonDerivedType(typeof(AdaptiveMaxPool2d), AdaptiveMaxPool2d.Name)]
[JsonDerivedType(typeof(Pad2d), Pad2d.Name)]
[JsonDerivedType(typeof(Upsample), Upsample.Name)]
[JsonDerivedType(typeof(AdaptiveAvgPool2d), AdaptiveAvgPool2d.Name)]
[JsonDerivedType(typeof(Flatten), Flatten.Name)]
[JsonDerivedType(typeof(Linear), Linear.Name)]
[JsonDerivedType(typeof(Dropout), Dropout.Name)]
[JsonDerivedType(typeof(Identity), Identity.Name)]
[JsonDerivedType(typeof(Add), Add.Name)]
[JsonDerivedType(typeof(Concat), Concat.Name)]
[JsonDerivedType(typeof(Softmax), Softmax.Name)]
[JsonDerivedType(typeof(Activation), Activation.Name)]
[JsonDerivedType(typeof(PReLU), PReLU.Name)]
[JsonDerivedType(typeof(ChannelAffine), ChannelAffine.Name)]
[JsonDerivedType(typeof(LayerNorm), LayerNorm.Name)]
[JsonDerivedType(typeof(GroupNorm), GroupNorm.Name)]
[JsonDerivedType(typeof(Extremum), Extremum.Name)]
[JsonDerivedType(typeof(AvgPool2d), AvgPool2d.Name)]
[JsonDerivedType(typeof(Multiply), Multiply.Name)]
[JsonDerivedType(typeof(ChannelSlice), ChannelSlice.Name)]
[JsonDerivedType(typeof(ChannelShuffle), ChannelShuffle.Name)]
public abstract record Layer
{
    /// <summary>The name of this kind of layer: <c>conv2d</c>.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    /// <summary>The shapes of the parameters, in the order in which a node holds them.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<Shape> Parameters => [];

    /// <summary>The output's shape from the inputs'.</summary>
    /// <exception cref="Common.ModelException">The inputs do not fit; the message says what was expected and what was found.</exception>
    public abstract Shape Infer(ReadOnlySpan<Shape> inputs);
}
