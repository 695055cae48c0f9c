namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>One layer, with its own weights or a part of them, ready to run on its own for one image.</summary>
/// <param name="bias">The bias it adds, by output channel; empty for none.</param>
/// <param name="work">Arrays, and arithmetic on them.</param>
internal abstract class PartRun(float[] bias, ArrayWork work) : IDisposable
{
    private float[]? _input;
    private float[]? _output;

    /// <summary>Whether the layer's pass closes it, for the next relevance that is handed down through the layer, instead of its
    /// user.</summary>
    public bool IsShared { get; init; }

    /// <summary>Its last input.</summary>
    protected float[]? Input => _input;

    /// <summary>Whether outputs that are not wanted cost nothing, so that others may be wanted the next time.</summary>
    protected virtual bool IsPartial => false;

    /// <summary>The bias it adds.</summary>
    protected float[] Bias => bias;

    /// <summary>Arrays, and arithmetic on them.</summary>
    protected ArrayWork Work => work;

    /// <summary>The layer's output, which must not be changed and lasts until the next; it does not run again if this very array was its
    /// last input.</summary>
    /// <param name="x">The input.</param>
    /// <param name="wanted">Outputs at which this is 0 may come out as anything; null for all outputs.</param>
    public float[] Forward(float[] x, float[]? wanted = null)
    {
        Run(x);
        if (_output is null || (IsPartial && wanted is not null))
        {
            Free();
            _output = Read(x, wanted);
        }

        return _output;
    }

    /// <summary>Makes this the input at which <see cref="Back"/> is asked for.</summary>
    public void Run(float[] x)
    {
        if (!ReferenceEquals(x, _input))
        {
            Free();
            _input = x;
            Start(x);
        }
    }

    /// <summary>The layer's transposed linear map (for a max-pool: at the last input) applied to s; an array of <see
    /// cref="ArrayWork.Take"/>.</summary>
    public abstract float[] Back(float[] s);

    /// <summary>Σ_j s_j·b_j: the share of the biases.</summary>
    public double BiasShare(float[] s) => work.WeightedPlanes(s, bias);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!IsShared)
        {
            Close();
        }
    }

    /// <summary>Frees everything.</summary>
    public virtual void Close()
    {
        Free();
        _input = null;
    }

    /// <summary>Begins with an input.</summary>
    protected abstract void Start(float[] x);

    /// <summary>The output for the input that was begun with, in an array of <see cref="ArrayWork.Keep"/>.</summary>
    protected abstract float[] Read(float[] x, float[]? wanted);

    private void Free()
    {
        if (_output is not null)
        {
            work.Return(_output);
            _output = null;
        }
    }
}
