using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>Runs of the network on points of lines, which a stream makes and sums where the network runs.</summary>
internal static class HeldBatches
{
    /// <summary>S at points, in batches.</summary>
    internal static double[] Scores(this AttributionRequest request, ISampleStream stream, IReadOnlyList<LinePoint> points)
    {
        var scores = new double[points.Count];
        request.Batches(points.Count, backward: false, Fill, (session, first, _) => request.Target.Scores(session).CopyTo(scores, first));
        return scores;

        void Fill(Session session, int first) =>
            stream.Fill([.. Enumerable.Range(first, session.Options.Batch).Select(i => points[i])], session.HeldInputs);
    }

    /// <summary>Hands ∂S/∂x at each term's point to the stream, in batches.</summary>
    /// <param name="request">The image and the target.</param>
    /// <param name="stream">Makes the points and takes the gradients.</param>
    /// <param name="rule">What ReLUs let through.</param>
    /// <param name="count">How many terms.</param>
    /// <param name="terms">All of them; a batch's are asked for before it runs.</param>
    /// <param name="each">How many terms make a sample.</param>
    internal static void Gradients(
        this AttributionRequest request, ISampleStream stream, ReluRule rule, int count, IEnumerable<GradientTerm> terms, int each)
    {
        if (request.Replay?.Gave(stream) == true)
        {
            return; // Another target's passes have given the sums.
        }

        using IEnumerator<GradientTerm> next = terms.GetEnumerator();
        GradientTerm[] batch = [];
        request.Batches(count, backward: true, Fill, (session, _, _) =>
        {
            session.Backward(rule, request.Cancel, request.Target.Seed(session));
            stream.Add(batch, each, session.HeldGradients());
            request.Recorded?.AddGradients(request, session, rule, stream, batch, each);
        });

        void Fill(Session session, int first)
        {
            batch = batch.Length == session.Options.Batch ? batch : new GradientTerm[session.Options.Batch];
            for (int i = 0; i < batch.Length; i++)
            {
                next.MoveNext();
                batch[i] = next.Current;
            }

            stream.Fill(Array.ConvertAll(batch, t => t.At), session.HeldInputs);
        }
    }
}
