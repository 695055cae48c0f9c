using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Statistics;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>What stands for chance: activations whose channels no longer belong together. Each channel keeps its own values, in another
/// order, so that nothing but what channels do together is gone.</summary>
internal static class RandomDirections
{
    /// <summary>A with each column in a random order of its own.</summary>
    internal static double[] Shuffled(double[] a, int columns, Rng rng)
    {
        int rows = a.Length / columns;
        var shuffled = new double[a.Length];
        for (int k = 0; k < columns; k++)
        {
            int[] order = Draws.Permutation(rows, rng, (ulong)k * (ulong)rows);
            for (int i = 0; i < rows; i++)
            {
                shuffled[(i * columns) + k] = a[(order[i] * columns) + k];
            }
        }

        return shuffled;
    }

    /// <summary>As many directions as concepts, each of unit length, each channel's value drawn from those that it has in A.</summary>
    internal static ConceptBasis Of(PatchActivations activations, int rank, Rng rng)
    {
        int channels = activations.Channels;
        var w = new double[rank * channels];
        for (int i = 0; i < w.Length; i++)
        {
            int row = (int)(rng.Uniform((ulong)i) * activations.Count);
            w[i] = activations.Values[((long)row * channels) + (i % channels)];
        }

        for (int j = 0; j < rank; j++)
        {
            Span<double> direction = w.AsSpan(j * channels, channels);
            double length = Math.Sqrt(Vectors.Dot(direction, direction));
            for (int k = 0; k < channels && length > 0; k++)
            {
                direction[k] /= length;
            }
        }

        return new ConceptBasis(w, rank);
    }
}
