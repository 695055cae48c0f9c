using Interp.Engine.Backends;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>One layer, with its own weights or a part of them, ready to run on its own for one image.</summary>
/// <param name="session">A session of a network of that layer alone.</param>
/// <param name="bias">The bias it adds, by output channel; empty for none.</param>
/// <param name="release">Frees what only this run uses.</param>
/// <param name="cancel">Checked before each pass.</param>
internal sealed class PartRun(Session session, float[] bias, Action release, CancellationToken cancel) : IDisposable
{
    private float[]? _input;
    private float[]? _output;

    /// <summary>Whether the layer's pass closes it, for the next relevance that is handed down through the layer, instead of its
    /// user.</summary>
    public bool IsShared { get; init; }

    /// <summary>The layer's output, which must not be changed; it does not run again if this very array was its last input.</summary>
    public float[] Forward(float[] x)
    {
        if (_output is null || !ReferenceEquals(x, _input))
        {
            session.Forward(x, cancel);
            (_input, _output) = (x, session.Activation(session.Network.Output));
        }

        return _output;
    }

    /// <summary>The layer's transposed linear map (for a max-pool: at the last input) applied to s.</summary>
    public float[] Back(float[] s)
    {
        if (_output is null)
        {
            Forward(new float[session.InputShape.Count]); // A linear map's transpose does not depend on the input.
        }

        session.Backward(ReluRules.Vanilla, cancel, new Seed(session.Network.Output, s));
        return session.InputGradient();
    }

    /// <summary>Σ_j s_j·b_j: the share of the biases.</summary>
    public double BiasShare(float[] s)
    {
        double sum = 0;
        int plane = bias.Length == 0 ? 0 : s.Length / bias.Length;
        for (int k = 0; k < bias.Length; k++)
        {
            double channel = 0;
            foreach (float value in s.AsSpan(k * plane, plane))
            {
                channel += value;
            }

            sum += channel * bias[k];
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!IsShared)
        {
            Close();
        }
    }

    /// <summary>Frees everything.</summary>
    public void Close()
    {
        session.Dispose();
        release();
    }
}
