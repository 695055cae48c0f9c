namespace Interp.Cuda.Products;

/// <summary>Products of row-major float32 matrices on the device: C = op(A)·op(B), where op transposes or does nothing.</summary>
internal interface IMatrixProduct : IDisposable
{
    /// <summary>What computes them.</summary>
    string Name { get; }

    /// <summary>Queues <see cref="Product.Batch"/> products.</summary>
    void Multiply(in Product product, ulong a, ulong b, ulong c);
}

/// <summary>Sizes of a batch of products C[M,N] = op(A)[M,K]·op(B)[K,N]; matrices of the batch lie a stride apart, 0 for one matrix that
/// all share.</summary>
/// <param name="M">Rows of C.</param>
/// <param name="N">Columns of C.</param>
/// <param name="K">Inner dimension.</param>
internal readonly record struct Product(int M, int N, int K)
{
    /// <summary>Whether A is stored as [K,M].</summary>
    internal bool TransposedA { get; init; }

    /// <summary>Whether B is stored as [N,K].</summary>
    internal bool TransposedB { get; init; }

    /// <summary>Number of products.</summary>
    internal int Batch { get; init; } = 1;

    /// <summary>Values from one A to the next.</summary>
    internal long StrideA { get; init; }

    /// <summary>Values from one B to the next.</summary>
    internal long StrideB { get; init; }

    /// <summary>Values from one C to the next.</summary>
    internal long StrideC { get; init; }
}
