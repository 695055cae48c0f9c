namespace Interp.Engine.Adversarial;

/// <summary>−log softmax(z)[y], or log softmax(z)[t]. Of the logits, whatever the network's own output activation: only their order
/// decides the answer. (I. Goodfellow, J. Shlens, C. Szegedy, 2015.)</summary>
internal sealed class CrossEntropyLoss : AttackLoss
{
    internal static CrossEntropyLoss Instance { get; } = new();

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

    /// <summary>The gradient divided by 1 − p of the class: of the others their shares of that, however small it is.</summary>
    public override float[] Direction(ReadOnlySpan<float> logits, AttackGoal goal)
    {
        float sign = goal.Target is null ? 1 : -1;
        int c = goal.Target ?? goal.From;
        float[] others = [.. logits[..c], .. logits[(c + 1)..]];
        double[] logs = LogSoftmax(others);
        return [
            .. logs[..c].Select(l => sign * (float)Math.Exp(l)), -sign, .. logs[c..].Select(l => sign * (float)Math.Exp(l))];
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
