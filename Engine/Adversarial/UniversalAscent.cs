using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>The steps by which a universal perturbation grows. δ itself gathers fractions; images see it rounded.</summary>
internal sealed class UniversalAscent(
    AttackedModel model, IReadOnlyList<RgbImage> images, UniversalOptions options, CancellationToken cancel)
{
    private const int StepsToTheEdge = 10;
    private readonly AttackGoal?[] _goals = new AttackGoal?[images.Count];
    private float[] _delta = [];

    /// <summary>What an image is to be taken for.</summary>
    internal static AttackGoal GoalOf(float[] clean, UniversalOptions options) =>
        new(Array.IndexOf(clean, clean.Max()), options.Target);

    /// <summary>δ in whole levels.</summary>
    internal float[] Levels() => Array.ConvertAll(_delta, MathF.Round);

    /// <summary>Uses each image once, in a random order.</summary>
    /// <returns>The share that was deceived as it was passed.</returns>
    internal double Epoch(int epoch, Action<double> progress)
    {
        var random = new Rng(options.Seed, AttackStreams.Order + (ulong)epoch);
        int[] order = [.. Enumerable.Range(0, images.Count).OrderBy(i => random.Uniform((ulong)i))];
        int deceived = 0, done = 0;
        foreach (int[] batch in order.Chunk(options.Batch))
        {
            var sum = Array.Empty<double>();
            foreach (int i in batch)
            {
                deceived += Pull(i, ref sum) ? 1 : 0;
                progress((double)++done / images.Count);
            }

            Step(sum);
        }

        return (double)deceived / images.Count;
    }

    /// <summary>Adds an image's gradient to the sum.</summary>
    /// <returns>Whether the image is deceived.</returns>
    private bool Pull(int index, ref double[] sum)
    {
        var surface = new NetworkSurface(model.Network, images[index]);
        model.Show(surface);
        int length = surface.Clean.Length;
        (_delta, sum) = (_delta.Length == 0 ? new float[length] : _delta, sum.Length == 0 ? new double[length] : sum);
        AttackGoal goal = _goals[index] ??= GoalOf(model.Logits(surface.Clean, cancel), options);
        float[] x = UniversalPerturbation.Add(surface, Levels());
        float[] logits = model.Logits(x, cancel);
        AttackLoss loss = AttackLoss.CrossEntropy;
        if (goal.Target is null ? loss.Value(logits, goal) < options.ClipLoss : -loss.Value(logits, goal) > Math.Exp(-options.ClipLoss))
        {
            model.Gradient(loss.Gradient(logits, goal), x, cancel);
            for (int i = 0; i < length; i++)
            {
                sum[i] += float.IsFinite(x[i]) ? x[i] : 0;
            }
        }

        return goal.IsReached(logits);
    }

    private void Step(double[] sum)
    {
        double radius = Math.Floor(options.Epsilon.Levels), rate = radius / StepsToTheEdge;
        for (int i = 0; i < sum.Length; i++)
        {
            _delta[i] = (float)Math.Clamp(_delta[i] + (rate * Math.Sign(sum[i])), -radius, radius);
        }
    }
}
