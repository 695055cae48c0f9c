using Interp.Engine.Arithmetic;
using Interp.Engine.Graph;

namespace Interp.Engine.Backends;

/// <summary>A device that can run networks. It decides by itself how: layouts, fused kernels, memory. Results agree within stated
/// tolerances.</summary>
public interface IBackend : IDisposable
{
    /// <summary>What it is and what it runs on.</summary>
    BackendInfo Info { get; }

    /// <summary>Prepares a run of <paramref name="network"/>: plans and takes all memory, packs weights.</summary>
    /// <exception cref="Common.ModelException">The input size does not fit the network.</exception>
    Session Open(Network network, SessionOptions options);

    /// <summary>Whether it runs a <see cref="Layers.Frame"/>: networks of which only a part is computed anew.</summary>
    internal bool HasFrames => false;

    /// <summary>Arithmetic on images beside the network.</summary>
    internal IImageMath Images => HostImageMath.Instance;

    /// <summary>Calls <paramref name="work"/> once for each task from 0 to count − 1, on the threads of the host that belong to the
    /// backend.</summary>
    internal void Share(int count, Action<int> work) => Parallel.For(0, count, work);

    /// <summary>What was copied between host and device so far.</summary>
    internal Traffic Traffic => default;

    /// <summary>How many images a run takes unless somebody says otherwise: more would not make one faster.</summary>
    internal int PreferredBatch => 8;

    /// <summary>Memory that sessions may still take, or as much as one can count where that is the machine's own.</summary>
    internal long FreeBytes => long.MaxValue;
}

/// <summary>A backend in words, for manifests and messages.</summary>
/// <param name="Name"><c>cpu</c>, <c>cuda</c>, <c>reference</c>.</param>
/// <param name="InstructionSet">The instruction set its kernels use: <c>avx512</c>, <c>avx2</c>, <c>vector128</c>, …</param>
/// <param name="Threads">Number of threads that compute.</param>
public sealed record BackendInfo(string Name, string InstructionSet, int Threads);
