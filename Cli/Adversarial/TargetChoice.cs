using System.Globalization;
using Interp.Engine.Adversarial;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Cli.Adversarial;

/// <summary>What <c>--target</c> asks for, and what that is for an image.</summary>
/// <param name="Text">As it was written; null for any other class.</param>
/// <param name="Class">A class that is the same for all images, or null.</param>
internal sealed record TargetChoice(string? Text, int? Class)
{
    private const string Random = "random", LeastLikely = "least-likely", Second = "second";

    /// <summary>What is chosen by the image.</summary>
    internal static IReadOnlyList<string> Words => [Random, LeastLikely, Second];

    /// <exception cref="InputException">There is no such class.</exception>
    internal static TargetChoice Of(Network network, string? text) =>
        new(text, text is null || Words.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : network.Labels.Find(text));

    /// <summary>The goal for an image.</summary>
    /// <param name="from">The class that is attacked from.</param>
    /// <param name="logits">Logits of the clean image.</param>
    /// <param name="imageHash">SHA-256 of the image's file: a random class depends on the seed and the image alone.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="InputException">The target is the class that is attacked from.</exception>
    internal AttackGoal Goal(int from, float[] logits, string imageHash, ulong seed)
    {
        if (Text is null)
        {
            return new AttackGoal(from);
        }

        int[] others = [.. Enumerable.Range(0, logits.Length).Where(k => k != from).OrderByDescending(k => logits[k])];
        int target = Class ?? Text.ToLowerInvariant() switch
        {
            Second => others[0],
            LeastLikely => others[^1],
            _ => others.Order().ElementAt((int)(others.Length * Draw(imageHash, seed))),
        };
        return target != from ? new AttackGoal(from, target)
            : throw new InputException($"--target {Text}: that is the class {from} that the image is attacked from; name another one");
    }

    private static double Draw(string imageHash, ulong seed) =>
        new Rng(seed, ulong.Parse(imageHash.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).Uniform(0);
}
