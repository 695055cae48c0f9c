using System.Security.Cryptography;
using Interp.Engine.Adversarial;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Visualization;

namespace Interp.Cli.Visualization;

/// <summary>How far a saved image is from the photo that it started from.</summary>
/// <param name="Norm">The norm of the ball: <c>linf</c> or <c>l2</c>.</param>
/// <param name="Epsilon">Its radius, in units of 0…1 pixels; null for any distance.</param>
/// <param name="Linf">max|d| over all values.</param>
/// <param name="L2">√Σd².</param>
/// <param name="Ssim">Structural similarity, 1 for equal images.</param>
internal sealed record PhotoDistance(string Norm, double? Epsilon, double Linf, double L2, double Ssim)
{
    /// <summary>That of an image that was held near a photo, else null.</summary>
    internal static PhotoDistance? Of(Network network, VisualizationOptions options, RgbImage saved)
    {
        if (options.Within is not { } reach || options.From is not { } photo)
        {
            return null;
        }

        AttackDistances d = AttackDistances.Of(new NetworkSurface(network, photo), saved);
        return new PhotoDistance(reach.Norm.Name, double.IsFinite(reach.Radius) ? reach.Radius : null, d.LInf, d.L2, d.Ssim);
    }

    /// <summary>The photo's pixels as a digest, for settings: another photo under the same name is another result.</summary>
    internal static string Digest(VisualizationOptions options) =>
        options.From is { } photo ? Convert.ToHexStringLower(SHA256.HashData(photo.Pixels)) : "";
}
