using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Engine.Backends;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>
/// Arithmetic on whole arrays, by vectors and on the backend's threads, and arrays that are used again: fresh pages cost more than what is
/// computed in them. Work is cut into pieces of fixed size, so that the bits do not depend on threads or on the width of vectors.
/// </summary>
/// <param name="backend">Whose threads work.</param>
internal sealed class ArrayWork(IBackend backend)
{
    /// <summary>Values of a piece: 64 KiB.</summary>
    private const int Piece = 16384;

    /// <summary>Bytes of arrays that wait for their next use: what VGG16's layers give for one photo.</summary>
    private const long FreeLimit = 192L << 20;

    private readonly Dictionary<int, Stack<float[]>> _free = [];
    private readonly ConditionalWeakTable<float[], object> _taken = [];
    private long _freeBytes;

    /// <summary>An array of any content.</summary>
    public float[] Take(int length)
    {
        float[] array = Keep(length);
        _taken.Add(array, this);
        return array;
    }

    /// <summary>An array of any content that <see cref="Give"/> leaves alone.</summary>
    public float[] Keep(int length)
    {
        if (_free.TryGetValue(length, out Stack<float[]>? free) && free.TryPop(out float[]? array))
        {
            _freeBytes -= (long)length * sizeof(float);
            return array;
        }

        return GC.AllocateUninitializedArray<float>(length);
    }

    /// <summary>Takes back an array that came from <see cref="Take"/> and that nothing refers to any more; other arrays are left
    /// alone.</summary>
    public void Give(float[] array)
    {
        if (_taken.Remove(array))
        {
            Return(array);
        }
    }

    /// <summary>Takes back an array that came from <see cref="Keep"/>.</summary>
    public void Return(float[] array)
    {
        long bytes = (long)array.Length * sizeof(float);
        if (_freeBytes + bytes <= FreeLimit)
        {
            ref Stack<float[]>? free = ref CollectionsMarshal.GetValueRefOrAddDefault(_free, array.Length, out _);
            (free ??= []).Push(array);
            _freeBytes += bytes;
        }
    }

    /// <summary>Calls <paramref name="body"/>(first, count) for consecutive pieces that cover the length.</summary>
    public void Run(int length, Action<int, int> body)
    {
        if (length <= Piece)
        {
            body(0, length);
            return;
        }

        backend.Share((length + Piece - 1) / Piece, i => body(i * Piece, Math.Min(Piece, length - (i * Piece))));
    }

    /// <summary>Calls <paramref name="body"/> for every index below the count, for work that is no longer cut by values.</summary>
    public void Each(int count, Action<int> body) => backend.Share(count, body);

    /// <summary>Σ a, in float64.</summary>
    public double Sum(float[] a)
    {
        var sums = new double[(a.Length + Piece - 1) / Piece];
        Run(a.Length, (first, count) => sums[first / Piece] = Vectors.Sum(a.AsSpan(first, count)));
        double sum = 0;
        Array.ForEach(sums, s => sum += s);
        return sum;
    }

    /// <summary>Σ_k w_k·(Σ of plane k), in float64.</summary>
    public double WeightedPlanes(float[] planes, float[] weights)
    {
        int plane = weights.Length == 0 ? 0 : planes.Length / weights.Length;
        var sums = new double[weights.Length];
        int together = Math.Max(1, Piece / Math.Max(1, plane));
        Each((weights.Length + together - 1) / together, i =>
        {
            for (int k = i * together; k < Math.Min(weights.Length, (i + 1) * together); k++)
            {
                sums[k] = weights[k] * Vectors.Sum(planes.AsSpan(k * plane, plane));
            }
        });
        double sum = 0;
        Array.ForEach(sums, s => sum += s);
        return sum;
    }

    /// <summary>a ⊙ b, in an array of <see cref="Take"/>.</summary>
    public float[] Product(float[] a, float[] b)
    {
        float[] result = Take(a.Length);
        SetProduct(result, 1, a, b);
        return result;
    }

    /// <summary>a + b, in an array of <see cref="Take"/>.</summary>
    public float[] Add(float[] a, float[] b)
    {
        float[] result = Take(a.Length);
        Run(a.Length, (i, n) => Vectors.Add(a.AsSpan(i, n), b.AsSpan(i, n), result.AsSpan(i, n)));
        return result;
    }

    /// <summary>target = factor · a ⊙ b.</summary>
    public void SetProduct(float[] target, float factor, float[] a, float[] b) => Run(target.Length, (i, n) =>
    {
        target.AsSpan(i, n).Clear();
        Vectors.AddProduct(target.AsSpan(i, n), factor, a.AsSpan(i, n), b.AsSpan(i, n));
    });

    /// <summary>target += factor · a ⊙ b.</summary>
    public void AddProduct(float[] target, float factor, float[] a, float[] b) =>
        Run(target.Length, (i, n) => Vectors.AddProduct(target.AsSpan(i, n), factor, a.AsSpan(i, n), b.AsSpan(i, n)));

    /// <summary>target = factor · a, or target += that.</summary>
    public void Scale(float[] target, float factor, float[] a, bool adds) => Run(target.Length, (i, n) =>
    {
        if (!adds)
        {
            target.AsSpan(i, n).Clear();
        }

        Vectors.AddScaled(target.AsSpan(i, n), factor, a.AsSpan(i, n));
    });

    /// <summary>a / (z + ε·sign z), with sign 0 = 1, and 0 where a is; in an array of <see cref="Take"/>.</summary>
    public float[] Divide(float[] a, float[] z, double epsilon)
    {
        float[] result = Take(a.Length);
        Run(a.Length, (i, n) => Vectors.Divide(a.AsSpan(i, n), z.AsSpan(i, n), (float)epsilon, result.AsSpan(i, n)));
        return result;
    }

    /// <summary>a where sign·z &gt; 0, else 0; in an array of <see cref="Take"/>.</summary>
    public float[] Where(float[] a, float[] z, int sign)
    {
        float[] result = Take(a.Length);
        Run(a.Length, (i, n) => Vectors.Where(a.AsSpan(i, n), z.AsSpan(i, n), sign, result.AsSpan(i, n)));
        return result;
    }

    /// <summary>max(a, 0), or min(a, 0); in an array of <see cref="Keep"/>.</summary>
    public float[] Half(float[] a, bool positive)
    {
        float[] result = Keep(a.Length);
        Run(a.Length, (i, n) => Vectors.Half(a.AsSpan(i, n), positive, result.AsSpan(i, n)));
        return result;
    }

    /// <summary>Whether any value is below zero.</summary>
    public bool AnyNegative(float[] a)
    {
        int found = 0;
        Run(a.Length, (i, n) =>
        {
            if (Volatile.Read(ref found) == 0 && Vectors.AnyNegative(a.AsSpan(i, n)))
            {
                Volatile.Write(ref found, 1);
            }
        });
        return found != 0;
    }
}
