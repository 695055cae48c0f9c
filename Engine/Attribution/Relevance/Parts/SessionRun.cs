using Interp.Engine.Backends;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>One layer that runs on the backend.</summary>
/// <param name="session">A session of a network of that layer alone.</param>
/// <param name="bias">The bias it adds, by output channel; empty for none.</param>
/// <param name="work">Arrays, and arithmetic on them.</param>
/// <param name="release">Frees what only this run uses.</param>
/// <param name="cancel">Checked before each pass.</param>
internal sealed class SessionRun(Session session, float[] bias, ArrayWork work, Action release, CancellationToken cancel)
    : PartRun(bias, work)
{
    /// <inheritdoc/>
    public override float[] Back(float[] s)
    {
        if (session.NeedsForward)
        {
            session.Forward(Input ?? new float[session.InputShape.Count], cancel); // A linear map's transpose is that at any input.
        }

        session.Backward(ReluRules.Vanilla, cancel, new Seed(session.Network.Output, s));
        float[] gradient = Work.Take((int)session.InputShape.Count);
        session.InputGradient(gradient);
        return gradient;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        base.Close();
        release();
    }

    /// <inheritdoc/>
    protected override void Start(float[] x) => session.Forward(x, cancel);

    /// <inheritdoc/>
    protected override float[] Read(float[] x, float[]? wanted)
    {
        float[] output = Work.Keep((int)session.ShapeOf(session.Network.Output).Count);
        session.Activation(session.Network.Output, output);
        return output;
    }
}
