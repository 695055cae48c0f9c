using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution;

/// <summary>What to explain, and how; and the ways in which methods run the network for it.</summary>
/// <param name="Explainer">The network and where it runs.</param>
/// <param name="Input">The image.</param>
/// <param name="Target">The scalar to explain.</param>
/// <param name="Options">The method's options.</param>
public sealed record AttributionRequest(Explainer Explainer, NetworkInput Input, Target Target, OptionValues Options)
{
    /// <summary>Where random numbers start, for methods that use them.</summary>
    public ulong Seed { get; init; }

    /// <summary>Told the done share of the work, 0 to 1, by methods that take long.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Cancels within one layer.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Takes what the passes give for another target, or null.</summary>
    internal PassRecord? Record { get; init; }

    /// <summary>What another target's passes have given for this one, or null.</summary>
    internal PassRecord? Replay { get; init; }

    /// <summary>The network.</summary>
    public Network Network => Explainer.Network;

    /// <summary>A session that has run forward on the image and keeps the target's node and the given ones.</summary>
    public Session Forward(params ReadOnlySpan<Node> keep) => Explainer.Forward(Input, [.. keep, Target.NodeIn(Network)], Cancel);

    /// <summary>∂S / ∂x at the image itself, <c>[C,H,W]</c> in normalised-input units; the true gradient for the vanilla rule.</summary>
    public float[] Gradient(ReluRule rule)
    {
        Session session = Forward();
        session.Backward(rule, Cancel, Target.Seed(session));
        return session.InputGradient();
    }

    /// <summary>S at many inputs of the image's size, in batches.</summary>
    /// <param name="count">How many.</param>
    /// <param name="fill">Makes each input, in order.</param>
    /// <param name="inAnyOrder">Whether several threads may make inputs of a batch at once.</param>
    public double[] Scores(int count, InputFiller fill, bool inAnyOrder = false)
    {
        if (Replay is { } known && ReferenceEquals(known.Network, Network))
        {
            return known.Scores(this with { Replay = null }, count, fill);
        }

        var scores = new double[count];
        (PassRecord? record, UInt128[]? inputs) = Recording(count);
        Batches(
            count, backward: false, Noted(fill, inputs), [],
            (session, first, n) =>
            {
                Target.Scores(session).CopyTo(scores, first);
                record?.AddOutputs(this, session, inputs.AsSpan(first, n));
            },
            inAnyOrder);
        return scores;
    }

    /// <summary>∂S / ∂x at many inputs of the image's size, in batches.</summary>
    /// <param name="count">How many.</param>
    /// <param name="rule">What ReLUs let through.</param>
    /// <param name="fill">Makes each input, in order.</param>
    /// <param name="use">Given each index, in order, with its gradient <c>[C,H,W]</c>, whose memory then serves the next batch, and
    /// S.</param>
    public void Gradients(int count, ReluRule rule, InputFiller fill, GradientUser use)
    {
        if (Replay is { } known && ReferenceEquals(known.Network, Network))
        {
            known.Gradients(this with { Replay = null }, count, rule, fill, use);
            return;
        }

        float[] gradients = [];
        (PassRecord? record, UInt128[]? inputs) = Recording(count);
        Batches(count, backward: true, Noted(fill, inputs), [], (session, first, n) =>
        {
            session.Backward(rule, Cancel, Target.Seed(session));
            if (gradients.Length != session.InputShape.Count)
            {
                gradients = new float[session.InputShape.Count];
            }

            session.InputGradient(gradients);
            double[] scores = Target.Scores(session);
            int each = gradients.Length / scores.Length;
            for (int i = 0; i < n; i++)
            {
                use(first + i, gradients.AsSpan(i * each, each), scores[i]);
            }

            record?.AddGradients(this, session, rule, inputs.AsSpan(first, n));
        });
    }

    /// <summary>Runs forward on many inputs of the image's size, in batches as large as the explainer's memory limit allows.</summary>
    /// <param name="count">How many.</param>
    /// <param name="backward">Whether backward passes will be asked of the sessions.</param>
    /// <param name="fill">Makes each input, in order.</param>
    /// <param name="keep">Nodes whose activations or gradients are wanted; the target's node is always there.</param>
    /// <param name="use">Given a session that has run forward on the inputs from an index on, and their number.</param>
    /// <param name="inAnyOrder">Whether several threads may make inputs of a batch at once.</param>
    public void Batches(int count, bool backward, InputFiller fill, ReadOnlySpan<Node> keep, BatchUser use, bool inAnyOrder = false)
    {
        (int height, int width) = (Input.Image.Height, Input.Image.Width);
        Explainer.Batches(count, (height, width), backward, [.. keep, Target.NodeIn(Network)], fill, use, Progress, Cancel, inAnyOrder);
    }

    private (PassRecord? Record, UInt128[]? Inputs) Recording(int count) =>
        Record is { } record && ReferenceEquals(record.Network, Network) ? (record, new UInt128[count]) : (null, null);

    /// <summary>Fills as before and notes what each input was.</summary>
    private static InputFiller Noted(InputFiller fill, UInt128[]? inputs) => inputs is null ? fill : (index, input) =>
    {
        fill(index, input);
        inputs[index] = PassRecord.HashOf(input);
    };
}
