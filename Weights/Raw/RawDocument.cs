using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Models;

namespace Interp.Weights.Raw;

/// <summary>What <c>model.json</c> holds, before anything in it is believed.</summary>
/// <param name="FormatVersion"><see cref="RawFormat.Version"/>.</param>
/// <param name="Name">The model's name.</param>
/// <param name="InputSize">Height of the network's input in pixels, and its width unless <paramref name="InputWidth"/> says another.</param>
/// <param name="Preprocessing">How an image becomes the input.</param>
/// <param name="Architecture">The nodes in topological order, the input first.</param>
/// <param name="Labels">Class names by class id; none where <paramref name="Classifies"/> is false.</param>
/// <param name="Tensors">Where each tensor lies in <c>tensors.bin</c>.</param>
/// <param name="Activation">
/// The name of the output activation; absent in folders that were converted before there was a choice, which means
/// <see cref="Interp.Engine.Models.OutputActivation.For"/>.
/// </param>
/// <param name="Assumptions">What the converter assumed, one line each; older models have none.</param>
/// <param name="InputWidth">Width of the network's input in pixels; absent of a square.</param>
/// <param name="Classifies">False of a network whose output is no row of class logits; absent of a classifier.</param>
internal sealed record RawDocument(
    int FormatVersion,
    string Name,
    int InputSize,
    RawPreprocessing Preprocessing,
    ImmutableArray<RawNode> Architecture,
    ImmutableArray<string> Labels,
    ImmutableArray<RawTensor> Tensors,
    string? Activation = null,
    IReadOnlyList<string>? Assumptions = null,
    int? InputWidth = null,
    bool? Classifies = null)
{
    /// <summary>The longer side of the network's input.</summary>
    internal int LongerSide => Math.Max(InputSize, InputWidth ?? InputSize);

    /// <summary>Whether the output is a row of class logits.</summary>
    internal bool IsClassifier => Classifies ?? true;

    /// <summary>How logits become probabilities, once the name is known to be one.</summary>
    internal OutputActivation OutputActivation =>
        Activation is { } name ? OutputActivation.All.Find(name) : OutputActivation.For(Labels.Length);
}

/// <summary>The one field by which a file of another version is recognised.</summary>
internal sealed record RawVersion(int FormatVersion);

/// <summary>One node.</summary>
/// <param name="Name">Its unique name.</param>
/// <param name="Layer">Kind and attributes.</param>
/// <param name="Inputs">Names of the nodes that it reads, which stand before it.</param>
/// <param name="Tensors">Names of its parameters in the order of <see cref="Layer.Parameters"/>.</param>
internal sealed record RawNode(string Name, Layer Layer, ImmutableArray<string> Inputs, ImmutableArray<string> Tensors);

/// <summary>One tensor of the file.</summary>
/// <param name="Name">Its unique name.</param>
/// <param name="Dtype"><c>f32</c> or <c>f16</c>.</param>
/// <param name="Shape">Its sizes, outermost first.</param>
/// <param name="ByteOffset">First byte in <c>tensors.bin</c>, a multiple of <see cref="RawFormat.Alignment"/>.</param>
/// <param name="ByteLength">Bytes of data.</param>
/// <param name="Sha256">SHA-256 of these bytes in lower-case hexadecimal.</param>
internal sealed record RawTensor(string Name, string Dtype, ImmutableArray<int> Shape, long ByteOffset, long ByteLength, string Sha256);
