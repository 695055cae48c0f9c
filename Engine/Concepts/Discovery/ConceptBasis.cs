using System.Numerics;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>Directions W that a layer's output at a place is written as a non-negative sum of: a ≈ Wᵀu with the best u ≥ 0.</summary>
/// <param name="w"><c>[rank,channels]</c>.</param>
/// <param name="rank">Rows of W.</param>
internal sealed class ConceptBasis(double[] w, int rank)
{
    private readonly NonNegativeLeastSquares _solver = new(w, rank);

    internal int Rank => rank;

    internal int Channels => w.Length / rank;

    /// <summary>u at each place of one image's maps, <c>[rank,places]</c>.</summary>
    /// <param name="maps"><c>[channels,places]</c>.</param>
    /// <param name="parallel">How many threads.</param>
    internal float[] Solve(ReadOnlyMemory<float> maps, ParallelOptions parallel)
    {
        int places = maps.Length / Channels;
        var u = new float[rank * places];
        Parallel.For(0, places, parallel, p =>
        {
            var a = new double[Channels];
            for (int k = 0; k < a.Length; k++)
            {
                a[k] = maps.Span[(k * places) + p];
            }

            double[] found = _solver.Solve(a);
            for (int j = 0; j < rank; j++)
            {
                u[(j * places) + p] = (float)found[j];
            }
        });
        return u;
    }

    /// <summary>Each concept's part of the maps, u_j w_jᵀ, <c>[channels,places]</c>: what is masked and added up.</summary>
    internal float[][] Parts(float[] u)
    {
        int places = u.Length / rank;
        var parts = new float[rank][];
        for (int j = 0; j < rank; j++)
        {
            parts[j] = new float[Channels * places];
            for (int k = 0; k < Channels; k++)
            {
                float weight = (float)w[(j * Channels) + k];
                for (int p = 0; p < places; p++)
                {
                    parts[j][(k * places) + p] = weight * u[(j * places) + p];
                }
            }
        }

        return parts;
    }

    /// <summary>Σ_j m_j · part_j, in the order of the concepts.</summary>
    internal static void Sum(float[][] parts, double[] mask, Span<float> into)
    {
        into.Clear();
        for (int j = 0; j < parts.Length; j++)
        {
            float factor = (float)mask[j];
            if (factor == 0)
            {
                continue;
            }

            ReadOnlySpan<float> part = parts[j];
            int i = 0;
            for (; i + Vector<float>.Count <= into.Length; i += Vector<float>.Count)
            {
                (new Vector<float>(into[i..]) + (factor * new Vector<float>(part[i..]))).CopyTo(into[i..]);
            }

            for (; i < into.Length; i++)
            {
                into[i] += factor * part[i];
            }
        }
    }
}
