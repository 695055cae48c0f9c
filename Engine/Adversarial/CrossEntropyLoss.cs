namespace Interp.Engine.Adversarial;

/// <summary>−log softmax(z)[y], or log softmax(z)[t]. Of the logits, whatever the network's own output activation: only their order
/// decides the answer. (I. Goodfellow, J. Shlens, C. Szegedy, 2015.)</summary>
internal sealed class CrossEntropyLoss : AttackLoss
{
    public override string Name => "ce";

    public override double Value(ReadOnlySpan<float> logits, AttackGoal goal)
    {
        double[] logs = LogSoftmax(logits);
        return goal.Target is { } t ? logs[t] : -logs[goal.From];
    }

    public override float[] Gradient(ReadOnlySpan<float> logits, AttackGoal goal)
    {
        double sign = goal.Target is null ? 1 : -1;
        int c = goal.Target ?? goal.From;
        double[] logs = LogSoftmax(logits);
        return [.. logs.Select((l, k) => (float)(sign * (Math.Exp(l) - (k == c ? 1 : 0))))];
    }

    private static double[] LogSoftmax(ReadOnlySpan<float> logits)
    {
        double most = double.NegativeInfinity, sum = 0;
        foreach (float z in logits)
        {
            most = Math.Max(most, z);
        }

        foreach (float z in logits)
        {
            sum += Math.Exp(z - most);
        }

        double log = most + Math.Log(sum);
        var logs = new double[logits.Length];
        for (int k = 0; k < logs.Length; k++)
        {
            logs[k] = logits[k] - log;
        }

        return logs;
    }
}
