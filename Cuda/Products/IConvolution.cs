namespace Interp.Cuda.Products;

/// <summary>One convolution of fixed shapes, without bias: its forward pass and its gradient with respect to the input. Results are the same bits each time.</summary>
internal interface IConvolution : IDisposable
{
    /// <summary>Bytes of scratch that it needs.</summary>
    long WorkspaceBytes { get; }

    /// <summary>Queues y = w ∗ x.</summary>
    void Forward(ulong x, ulong w, ulong y, ulong workspace);

    /// <summary>Queues the transposed convolution of the gradient at the output.</summary>
    void BackwardData(ulong upstream, ulong w, ulong gradient, ulong workspace);
}
