namespace Interp.Weights.Plans;

/// <summary>What the members of a module of squeeze and excitation are called.</summary>
/// <param name="Mean">The mean over the map.</param>
/// <param name="Reduce">The first convolution.</param>
/// <param name="Activation">The activation behind it.</param>
/// <param name="Expand">The second convolution.</param>
/// <param name="Gate">The function behind that.</param>
internal sealed record SqueezeNames(string Mean, string Reduce, string Activation, string Expand, string Gate)
{
    /// <summary>torchvision's.</summary>
    internal static SqueezeNames Torchvision { get; } = new("avgpool", "fc1", "activation", "fc2", "scale_activation");
}
