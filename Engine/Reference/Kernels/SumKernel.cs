namespace Interp.Engine.Reference.Kernels;

/// <summary>
/// Adds one tensor to another: the forward pass of a sum, and the backward pass of every layer that only hands values on.
/// </summary>
internal static class SumKernel
{
    internal static void Accumulate(Tensor64 source, Tensor64 destination)
    {
        for (int i = 0; i < source.Values.Length; i++)
        {
            destination.Values[i] += source.Values[i];
        }
    }
}
