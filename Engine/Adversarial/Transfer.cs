using Interp.Engine.Attribution;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Adversarial;

/// <summary>What another network makes of an adversarial image.</summary>
/// <param name="Before">Its answer on the clean image.</param>
/// <param name="After">Its answer on the adversarial one.</param>
public sealed record Transfer(Prediction Before, Prediction After)
{
    /// <summary>Whether the other network changes its answer too. Networks have different classes, so each is compared with
    /// itself.</summary>
    public bool IsFooled => Before.Class != After.Class;

    /// <summary>Asks a network about both images, each prepared as it prepares images.</summary>
    /// <param name="explainer">The other network.</param>
    /// <param name="clean">The clean image.</param>
    /// <param name="adversarial">The adversarial one.</param>
    /// <param name="cancel">Checked before each layer.</param>
    public static Transfer Of(Explainer explainer, NetworkInput clean, NetworkInput adversarial, CancellationToken cancel = default) =>
        new(explainer.Predict(clean, 1, cancel)[0], explainer.Predict(adversarial, 1, cancel)[0]);
}
