using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// A method whose attribution of an input x is a sum over points that are known beforehand: A(x) = Σ_j f_j · w_j ⊙ ∂S/∂x at p_j. The method
/// names the
/// terms; here the points of all noisy inputs go through the network in one stream of batches.
/// </summary>
/// <inheritdoc cref="NoiseAveragedMethod"/>
internal abstract class GradientSumMethod(ReluRule? rule = null, Smoothing? smoothing = null) : NoiseAveragedMethod(rule, smoothing)
{
    /// <summary>What makes a large completeness error smaller.</summary>
    protected virtual string Advice => "";

    /// <summary>The terms of one input, as many as <see cref="NoiseAveragedMethod.Count"/>.</summary>
    /// <param name="run">The request.</param>
    /// <param name="x">The input, <c>[C,H,W]</c>.</param>
    /// <param name="sample">Its number among the run's inputs.</param>
    protected abstract IEnumerable<GradientTerm> Terms(GradientRun run, float[] x, int sample);

    /// <summary>Where the paths to an input start, so that the attribution should add up to S(x) minus the mean of S there; none if nothing
    /// is promised.</summary>
    /// <inheritdoc cref="Terms"/>
    protected virtual IEnumerable<float[]> Starts(GradientRun run, float[] x, int sample) => [];

    /// <inheritdoc/>
    protected sealed override Completeness? Attribute(GradientRun run, Action<double[]> add)
    {
        AttributionRequest request = run.Request;
        int count = Count(request.Options);
        var sum = new double[request.Input.Tensor.Length];
        double total = 0;
        var waiting = new Queue<GradientTerm>();
        using IEnumerator<GradientTerm> terms = Enumerable.Range(0, run.Inputs.Count).SelectMany(s => Terms(run, run.Inputs[s], s))
            .GetEnumerator();
        terms.MoveNext();
        if (count * run.Inputs.Count == 1 && ReferenceEquals(terms.Current.Input, request.Input.Tensor))
        {
            // The image's own forward pass has been made and is shared with other methods.
            waiting.Enqueue(terms.Current);
            Take(0, request.Gradient(run.Rule), 0);
        }
        else
        {
            request.Gradients(count * run.Inputs.Count, run.Rule, Fill, Take);
        }

        return Check(run, total / run.Inputs.Count);

        void Fill(int index, Span<float> input)
        {
            terms.Current.Input.CopyTo(input);
            waiting.Enqueue(terms.Current);
            terms.MoveNext();
        }

        void Take(int index, ReadOnlySpan<float> gradient, double score)
        {
            waiting.Dequeue().AddTo(sum, gradient);
            if ((index + 1) % count == 0)
            {
                add(sum);
                total += sum.Sum();
                Array.Clear(sum);
            }
        }
    }

    private Completeness? Check(GradientRun run, double total)
    {
        (ScoreMean ends, ScoreMean starts) = (new(run.Request), new(run.Request));
        bool promised = false;
        for (int s = 0; s < run.Inputs.Count; s++)
        {
            float[] x = run.Inputs[s];
            foreach (float[] start in Starts(run, x, s))
            {
                starts.Add(start);
                promised = true;
            }

            if (!promised)
            {
                return null;
            }

            ends.Add(x);
        }

        return new Completeness(total, ends.Value(), starts.Value(), Advice);
    }
}
