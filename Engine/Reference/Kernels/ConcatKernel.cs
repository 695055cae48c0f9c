namespace Interp.Engine.Reference.Kernels;

/// <summary>Puts one input's channels at their place among the output's, and takes their gradients out again.</summary>
internal static class ConcatKernel
{
    internal static void Forward(Tensor64 x, Tensor64 y, int firstChannel)
    {
        int image = x.C * x.H * x.W;
        for (int n = 0; n < x.N; n++)
        {
            Array.Copy(x.Values, n * image, y.Values, Offset(y, n, firstChannel), image);
        }
    }

    internal static void Backward(Tensor64 upstream, Tensor64 gradient, int firstChannel)
    {
        int image = gradient.C * gradient.H * gradient.W;
        for (int n = 0; n < gradient.N; n++)
        {
            for (int i = 0; i < image; i++)
            {
                gradient.Values[n * image + i] += upstream.Values[Offset(upstream, n, firstChannel) + i];
            }
        }
    }

    private static int Offset(Tensor64 y, int n, int firstChannel) => (n * y.C + firstChannel) * y.H * y.W;
}
