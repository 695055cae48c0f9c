using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Products;

/// <summary>A convolution to be made.</summary>
/// <param name="Layer">The layer, its padding in numbers.</param>
/// <param name="Filters">Its filters.</param>
/// <param name="Input">Shape of its input.</param>
/// <param name="Output">Shape of its output.</param>
/// <param name="Backward">Whether its gradient is asked for too.</param>
/// <param name="Epilogue">What is done to the output.</param>
internal readonly record struct ConvolutionTask(Conv2d Layer, Weight Filters, Shape Input, Shape Output, bool Backward, Epilogue Epilogue);

/// <summary>What is done to a convolution's output where it is written.</summary>
/// <param name="Bias">The address of a value for each channel to be added, 0 for none.</param>
/// <param name="Rectifies">Whether it is rectified after that; without a bias that is left to others.</param>
internal readonly record struct Epilogue(ulong Bias, bool Rectifies);
