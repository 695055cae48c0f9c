using Interp.Engine.Arithmetic;
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

    /// <summary>Takes what the passes of this network give for another target, or null.</summary>
    internal PassRecord? Record { get; init; }

    /// <summary>What another target's passes have given for this one, or null.</summary>
    internal PassRecord? Replay { get; init; }

    /// <summary>The network.</summary>
    public Network Network => Explainer.Network;

    /// <summary><see cref="Record"/>, if it is of this network.</summary>
    internal PassRecord? Recorded => Record is { } record && ReferenceEquals(record.Network, Network) ? record : null;

    /// <summary><see cref="Replay"/>, if it is of this network.</summary>
    internal PassRecord? Replayed => Replay is { } record && ReferenceEquals(record.Network, Network) ? record : null;

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
        if (Replayed is { } known)
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

    /// <summary>S at variations of an image, in batches that are made where the network reads them.</summary>
    /// <param name="images">The variations, of the image's size.</param>
    /// <param name="which">Which of them.</param>
    internal double[] Scores(MaskedImages images, int[] which)
    {
        if (Replayed is { } known)
        {
            return known.Scores(this with { Replay = null }, images, which);
        }

        var scores = new double[which.Length];
        Batches(images, which, (session, first, n) =>
        {
            Target.Scores(session).CopyTo(scores, first);
            Recorded?.AddOutputs(this, session, [.. which.AsSpan(first, n).ToArray().Select(images.Key)]);
        });
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
        float[] gradients = [];
        Batches(count, backward: true, fill, [], (session, first, n) =>
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

    /// <summary>Runs forward on variations of an image.</summary>
    /// <param name="images">The variations, of the image's size.</param>
    /// <param name="which">Which of them.</param>
    /// <param name="use">Given a session that has run forward on these from a place on, and their number.</param>
    internal void Batches(MaskedImages images, int[] which, BatchUser use) =>
        Batches(
            which.Length, backward: false,
            (session, first) =>
                Explainer.Backend.Images.Fill(images, which[first..(first + session.Options.Batch)], session.HeldInputs),
            use);

    /// <summary>Runs forward on many inputs of the image's size that are made where the network reads them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="backward">Whether backward passes will be asked of the sessions.</param>
    /// <param name="fill">Makes a session's inputs from an index on.</param>
    /// <param name="use">Given a session that has run forward on the inputs from an index on, and their number.</param>
    internal void Batches(int count, bool backward, Action<Session, int> fill, BatchUser use) => Explainer.Batches(
        count, (Input.Image.Height, Input.Image.Width), backward, [Target.NodeIn(Network)],
        (session, first) =>
        {
            fill(session, first);
            session.ForwardHeld(Cancel);
        },
        use, Progress);

    private (PassRecord? Record, UInt128[]? Inputs) Recording(int count) => (Recorded, Recorded is null ? null : new UInt128[count]);

    /// <summary>Fills as before and notes what each input was.</summary>
    private static InputFiller Noted(InputFiller fill, UInt128[]? inputs) => inputs is null ? fill : (index, input) =>
    {
        fill(index, input);
        inputs[index] = PassRecord.HashOf(input);
    };
}
