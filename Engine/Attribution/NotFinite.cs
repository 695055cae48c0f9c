using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution;

/// <summary>Says where a network's numbers stop being finite.</summary>
public static class NotFinite
{
    /// <summary>
    /// Why the logits of an input are not all finite: the input itself, or the first layer whose activations are not. Runs the network once
    /// more if they are not.
    /// </summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="input">The input.</param>
    /// <param name="logits">Its logits.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <returns>A clause, or null if all logits are finite.</returns>
    public static string? Reason(Explainer explainer, NetworkInput input, ReadOnlySpan<float> logits, CancellationToken cancel = default) =>
        AreFinite(logits) ? null
        : !AreFinite(input.Tensor) ? "the input holds values that are not finite"
        : $"the network's logits are not finite; {LayerProbe.FirstNotFinite(explainer, input, cancel) ?? "its last layer overflows"}";

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
