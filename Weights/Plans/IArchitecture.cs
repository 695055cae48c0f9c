using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Weights.Plans;

/// <summary>
/// A family of networks whose graph follows from the names and shapes of a state dict. Nothing but names and shapes is looked at, so
/// planning is instant and the data is read once, when it is written.
/// </summary>
internal interface IArchitecture
{
    /// <summary>The family's name: <c>resnet</c>.</summary>
    string Name { get; }

    /// <summary>With what the names of its networks begin: <c>resnet50</c>, <c>wide_resnet50_2</c>.</summary>
    IReadOnlyList<string> Prefixes => [Name];

    /// <summary>Whether it is a variant with the names and shapes of another family, so that it is taken only where a user names
    /// it.</summary>
    bool NamedOnly => false;

    /// <summary>Side of the input, in pixels, that its networks are usually given.</summary>
    int InputSize => 224;

    /// <summary>How images are usually prepared for the network that a matching state dict belongs to, and whose usage that is.</summary>
    (Preprocessing Preprocessing, string Source) Usual(StateDict dict) =>
        (Preprocessing.ImageNet.WithInputSize(InputSize), "torchvision's ImageNet networks");

    /// <summary>Whether the state dict has what this family's alone have, complete or not.</summary>
    bool Matches(StateDict dict);

    /// <summary>The network that a state dict belongs to.</summary>
    /// <exception cref="ModelException">A tensor is missing, unexpected, or of a shape that does not fit; the message names it.</exception>
    /// <exception cref="InputException">An option does not fit the network.</exception>
    ModelPlan Plan(StateDict dict, PlanOptions options);
}
