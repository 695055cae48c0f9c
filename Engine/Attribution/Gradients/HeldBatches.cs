using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>Runs of the network on points of lines, which a stream makes and sums where the network runs.</summary>
internal static class HeldBatches
{
    private delegate void HeldFiller(Session session, int first);

    /// <summary>S at points, in batches.</summary>
    internal static double[] Scores(this AttributionRequest request, ISampleStream stream, IReadOnlyList<LinePoint> points)
    {
        var scores = new double[points.Count];
        request.Run(points.Count, backward: false, Fill, (session, first, _) => request.Target.Scores(session).CopyTo(scores, first));
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
        using IEnumerator<GradientTerm> next = terms.GetEnumerator();
        GradientTerm[] batch = [];
        request.Run(count, backward: true, Fill, (session, _, _) =>
        {
            session.Backward(rule, request.Cancel, request.Target.Seed(session));
            stream.Add(batch, each, session.HeldGradients());
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

    private static void Run(this AttributionRequest request, int count, bool backward, HeldFiller fill, BatchUser use)
    {
        Network network = request.Network;
        (int Height, int Width) size = (request.Input.Image.Height, request.Input.Image.Width);
        request.Explainer.Batches(
            count, size, backward, [request.Target.NodeIn(network)],
            (session, first) =>
            {
                fill(session, first);
                session.ForwardHeld(request.Cancel);
            },
            use, request.Progress);
    }
}
