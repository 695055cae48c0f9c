using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Engine.Evidence;

/// <summary>
/// What the target is at changed images of one image. All measurements of all maps of the image that run at a time share one stream of
/// batches, full ones as long as there is enough to do, and no image is run twice. The baselines' values are kept from one map to the next.
/// </summary>
internal sealed class ImageScores
{
    private const int FullBatch = 8; // Batches are as large as the explainer makes them; left-overs wait for more as long as there is some.
    private const int MostPrepared = 64;
    private readonly Dictionary<EvidenceImage, double> _known = [];
    private readonly Dictionary<Baseline, float[]> _baselines = [];

    /// <summary>A baseline of the image, the same array each time.</summary>
    public float[] Of(Baseline baseline, AttributionRequest question)
    {
        if (!_baselines.TryGetValue(baseline, out float[]? values))
        {
            _baselines.Add(baseline, values = baseline.Of(question.Input, question.Network.Preprocessing));
        }

        return values;
    }

    /// <summary>Brings all measurements to their end.</summary>
    /// <param name="watched">What is watched of the images.</param>
    /// <param name="measurements">What is measured; each starts here, in order.</param>
    public void Run(AttributionRequest watched, IReadOnlyList<Measurement> measurements)
    {
        List<Measurement> going = [.. measurements];
        List<EvidenceImage> waiting = [];
        HashSet<EvidenceImage> seen = [];
        while (true)
        {
            foreach (Measurement one in going)
            {
                foreach (EvidenceImage image in one.Advance(_known).Where(seen.Add))
                {
                    waiting.Add(image);
                    one.Passes++;
                }
            }

            going.RemoveAll(m => m.IsDone);
            if (waiting.Count == 0)
            {
                break;
            }

            int count = Math.Min(MostPrepared, waiting.Count < FullBatch ? waiting.Count : waiting.Count / FullBatch * FullBatch);
            Score(watched, [.. waiting.Take(count)]);
            waiting.RemoveRange(0, count);
        }

        foreach (EvidenceImage image in _known.Keys.Where(i => i is not PlainImage).ToArray())
        {
            _known.Remove(image); // It belongs to a map, whose arrays it holds.
        }
    }

    private void Score(AttributionRequest watched, EvidenceImage[] images)
    {
        Parallel.For(0, images.Length, ThreadLimit.Of(watched.Explainer.Backend.Info.Threads, watched.Cancel), i => images[i].Prepare());
        double[] scores = watched.Scores(images.Length, (i, input) => images[i].Fill(input));
        for (int i = 0; i < images.Length; i++)
        {
            _known.Add(images[i], scores[i]);
        }
    }
}
