namespace Interp.Cuda.Products;

/// <summary>One convolution of fixed shapes and filters: its forward pass and its gradient with respect to the input. Results are the same
/// bits each time.</summary>
internal interface IConvolution : IDisposable
{
    /// <summary>Bytes of scratch that it needs.</summary>
    long WorkspaceBytes { get; }

    /// <summary>Whether its forward pass does what the task's epilogue says, which is left to others if not.</summary>
    bool HasEpilogue { get; }

    /// <summary>Queues y = w ∗ x.</summary>
    void Forward(ulong x, ulong y, ulong workspace);

    /// <summary>Queues the transposed convolution of the gradient at the output.</summary>
    void BackwardData(ulong upstream, ulong gradient, ulong workspace);
}
