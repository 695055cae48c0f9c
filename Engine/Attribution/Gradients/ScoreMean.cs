using Interp.Engine.Arithmetic;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>The mean of the target over inputs that come one after another; an image that came before is not run again. Holds few inputs at
/// a
/// time.</summary>
internal sealed class ScoreMean(GradientRun run)
{
    private const int Most = 64;
    private readonly AttributionRequest _request = run.Request with { Progress = null };
    private readonly List<(NoisyImage Input, int Times)> _waiting = [];
    private double _sum;
    private int _count;

    /// <summary>Adds an input <c>[C,H,W]</c>.</summary>
    public void Add(NoisyImage input)
    {
        int known = _waiting.FindIndex(w => w.Input.IsSame(input));
        if (known >= 0)
        {
            _waiting[known] = (input, _waiting[known].Times + 1);
            return;
        }

        _waiting.Add((input, 1));
        if (_waiting.Count == Most)
        {
            Run();
        }
    }

    /// <summary>The mean over all inputs that were added.</summary>
    public double Value()
    {
        Run();
        return _sum / _count;
    }

    private void Run()
    {
        double[] scores = _request.Scores(run.Samples, [.. _waiting.Select(w => new LinePoint(w.Input))]);
        for (int i = 0; i < scores.Length; i++)
        {
            _sum += _waiting[i].Times * scores[i];
            _count += _waiting[i].Times;
        }

        _waiting.Clear();
    }
}
