using Interp.Cuda;
using Interp.Engine.Backends;
using Interp.Tests.Cuda.Kernels;
using Interp.Tests.Engine.Backends;

namespace Interp.Tests.Cuda;

/// <summary>The CUDA backend on a GPU, with the libraries that are there.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(RealDevice.Require());
}

/// <summary>The CUDA backend on a GPU, without cuDNN.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuCuBlasParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(RealDevice.Require() with { UseCuDnn = false });
}

/// <summary>The CUDA backend on a GPU, with Winograd's algorithm wherever it can run.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuWinogradParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(RealDevice.Require() with { Convolution = ConvChoice.Winograd });
}

/// <summary>The CUDA backend on a GPU, with the driver alone.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuKernelParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(RealDevice.Require() with { UseCuDnn = false, UseCuBlas = false });
}

/// <summary>Every method on a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuMethodTests : CudaMethodTests
{
    protected override CudaOptions Device => RealDevice.Require();
}

/// <summary>Sessions on a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuSessionTests : CudaSessionTests
{
    protected override CudaOptions Device => RealDevice.Require();
}

/// <summary>The layers of today's networks on a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuLayerTests : CudaLayerTests
{
    protected override CudaOptions Device => RealDevice.Require();
}

/// <summary>Narrow networks of torchvision's families on a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuNarrowNetworkTests : CudaNarrowNetworkTests
{
    protected override CudaOptions Device => RealDevice.Require();
}

/// <summary>Image arithmetic on a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuImageMathTests : CudaImageMathTests
{
    protected override CudaOptions Options => RealDevice.Require();
}

/// <summary>The bundled network on a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuFullSizeTests : CudaFullSizeTests
{
    protected override CudaOptions Device => RealDevice.Require();
}

/// <summary>Every raw kernel on a GPU, in the cases of the interpreter, against the same plain loops.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuKernelTests
{
    [TestMethod]
    [DynamicData(nameof(PtxKernelTests.Names), typeof(PtxKernelTests))]
    public void Kernel_OnTheDevice_EqualsThePlainLoop(string kernel, string name)
    {
        using CudaBackend backend = CudaBackend.Open(RealDevice.Require() with { UseCuDnn = false, UseCuBlas = false });
        using var device = new GpuKernels(backend);
        Kernels.KernelCases.Find(kernel, name).Check(new KernelRun(kernel, device));
    }
}
