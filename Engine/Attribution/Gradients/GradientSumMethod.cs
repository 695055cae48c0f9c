using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// A method whose attribution of an input x is a sum over points that are known beforehand: A(x) = Σ_j f_j · w_j ⊙ ∂S/∂x at p_j. The method
/// names the terms; here the points of all noisy inputs go through the network in one stream of batches, made and summed where it runs.
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
    protected abstract IEnumerable<GradientTerm> Terms(GradientRun run, NoisyImage x, int sample);

    /// <summary>Where the paths to an input start, so that the attribution should add up to S(x) minus the mean of S there; none if nothing
    /// is promised.</summary>
    /// <param name="run">The request.</param>
    /// <param name="sample">The input's number among the run's inputs.</param>
    protected virtual IEnumerable<float[]> Starts(GradientRun run, int sample) => [];

    /// <inheritdoc/>
    protected sealed override Completeness? Attribute(GradientRun run)
    {
        AttributionRequest request = run.Request;
        int each = Count(request.Options), count = each * run.Inputs.Count;
        IEnumerable<GradientTerm> terms = Enumerable.Range(0, run.Inputs.Count).SelectMany(s => Terms(run, run.Inputs.Image(s), s));
        if (count == 1 && terms.First() is { At.Line.Start: null } only && only.At.Line.End.IsSame(new NoisyImage(request.Input.Tensor)))
        {
            // The image's own forward pass has been made and is shared with other methods.
            Session session = request.Forward();
            session.Backward(run.Rule, request.Cancel, request.Target.Seed(session));
            run.Samples.Add([only], each, session.HeldGradients());
        }
        else
        {
            request.Gradients(run.Samples, run.Rule, count, terms, each);
        }

        return Check(run);
    }

    private Completeness? Check(GradientRun run)
    {
        (ScoreMean ends, ScoreMean starts) = (new(run), new(run));
        bool promised = false;
        for (int s = 0; s < run.Inputs.Count; s++)
        {
            foreach (float[] start in Starts(run, s))
            {
                starts.Add(new NoisyImage(start));
                promised = true;
            }

            if (!promised)
            {
                return null;
            }

            ends.Add(run.Inputs.Image(s));
        }

        return new Completeness(run.Samples.Mean.Sum(), ends.Value(), starts.Value(), Advice);
    }
}
