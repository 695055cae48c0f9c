using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Products;

/// <summary>A convolution to be made.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Filters">Its filters.</param>
/// <param name="Input">Shape of its input.</param>
/// <param name="Output">Shape of its output.</param>
/// <param name="Backward">Whether its gradient is asked for too.</param>
internal readonly record struct ConvolutionTask(Conv2d Layer, Weight Filters, Shape Input, Shape Output, bool Backward);

/// <summary>What is done to a convolution's output where it is written.</summary>
/// <param name="Bias">The address of a value for each channel to be added, 0 for none.</param>
/// <param name="Rectifies">Whether it is rectified after that; only with a bias.</param>
internal readonly record struct Epilogue(ulong Bias, bool Rectifies);
