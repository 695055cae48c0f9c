namespace Interp.Tests.Cuda.Kernels;

/// <summary>The cases of all kernels.</summary>
internal static class KernelCases
{
    internal static KernelCase Find(string kernel, string name) => All().Single(c => c.Kernel == kernel && c.Name == name);

    internal static IEnumerable<KernelCase> All() =>
    [
        .. ReluCases.All(), .. ActivationCases.All(), .. ChannelCases.All(), .. LayerNormCases.All(), .. TensorCases.All(),
        .. SoftmaxCases.All(), .. ConvolutionCases.All(), .. WinogradCases.All(),
        .. GemmCases.All(), .. PoolCases.All(), .. PixelCases.All(), .. GroupNormCases.All(), .. MeanPoolCases.All(), .. MapCases.All(),
        .. NoiseCases.All(), .. SampleCases.All(), .. MaskCases.All(), .. VisualizeCases.All(), .. SamplingCases.All(),
    ];
}
