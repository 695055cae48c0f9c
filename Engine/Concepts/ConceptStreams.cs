using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Concepts;

/// <summary>The random sequences of concept tests: each has the number that its purpose and name hash to, so that another concept, run or
/// random concept changes none of the others.</summary>
internal static class ConceptStreams
{
    /// <summary>Where in a run's sequence the negatives, and the parts held out of both sides, begin.</summary>
    private const ulong SplitPositive = 1 << 24, SplitNegative = 1 << 25;

    /// <summary>The number of a sequence: the first eight bytes of the SHA-256 of its purpose, name and numbers.</summary>
    internal static ulong Of(string purpose, string name, params ReadOnlySpan<int> numbers)
    {
        var text = new StringBuilder().Append(purpose).Append('\n').Append(name);
        foreach (int number in numbers)
        {
            text.Append('\n').Append(number);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>So many of n numbers, in random order.</summary>
    internal static int[] Sample(ulong seed, ulong stream, int n, int count) => Draws.Sample(n, count, new Rng(seed, stream));

    /// <summary>A run's order of both sides, of which the first are held out.</summary>
    internal static (int[] Positive, int[] Negative) Orders(ulong seed, ulong stream, int positive, int negative)
    {
        var rng = new Rng(seed, stream);
        return (Draws.Permutation(positive, rng, SplitPositive), Draws.Permutation(negative, rng, SplitNegative));
    }
}
