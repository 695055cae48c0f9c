using Interp.Cuda;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Tests.Cuda.Emulation;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>Every native call that a run makes is made to fail: a clear error, nothing left behind, and the backend can be opened
/// again.</summary>
[TestClass]
[DoNotParallelize]
public sealed class CudaFaultTests
{
    /// <summary>Calls whose failure must not stop anything, as they only clean up or only tell.</summary>
    private static readonly string[] s_harmless =
    [
        "cuMemFree_v2", "cuMemFreeHost", "cuStreamDestroy_v2", "cuEventDestroy_v2", "cuModuleUnload", "cuGraphDestroy",
        "cuGraphExecDestroy", "cuDevicePrimaryCtxRelease_v2",
        "cublasDestroy_v2", "cudnnDestroy", "cudnnDestroyTensorDescriptor", "cudnnDestroyFilterDescriptor",
        "cudnnDestroyConvolutionDescriptor", "cudnnGetVersion",
    ];

    /// <summary>Calls after whose failure something else does the work.</summary>
    private static readonly string[] s_replaced = ["cudnnGetConvolutionForwardAlgorithm_v7", "cudnnGetConvolutionBackwardDataAlgorithm_v7"];

    public static IEnumerable<object[]> Libraries => [[true], [false]];

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public void Run_AnyCallFails_EndsInAClearErrorAndLeavesNothing(bool libraries)
    {
        CudaOptions options = EmulatedDevice.Fresh() with { UseCuDnn = libraries, UseCuBlas = libraries };
        Network network = TinyNets.Diamond();
        float[] expected = Run(network, options);
        Dictionary<string, int> calls = EmulatedDevice.Calls();
        Assert.IsGreaterThan(20, calls.Count);
        foreach ((string entryPoint, int count) in calls.Where(c => !s_harmless.Contains(c.Key)))
        {
            // The first call belongs to setting up, the middle one to a pass; the last ones clean up and may fail.
            foreach (int nth in new[] { 1, (count + 1) / 2 }.Distinct())
            {
                Inject(network, options, entryPoint, nth, expected);
            }
        }
    }

    [TestMethod]
    public void Open_TooLittleMemory_SaysHowMuchIsMissing()
    {
        CudaOptions options = EmulatedDevice.Fresh();
        using CudaBackend backend = CudaBackend.Open(options);
        EmulatedDevice.LimitMemory(48 << 20);
        Network network = TinyNets.Vgg();

        BackendException error = Assert.ThrowsExactly<BackendException>(() => backend.Open(network, new SessionOptions { Batch = 512 }));

        Assert.Contains("of device memory", error.Message);
        Assert.Contains("option 'batch'", error.Message);
        using Session smaller = backend.Open(network, new SessionOptions());
        smaller.Forward(new float[smaller.InputShape.Count]);
    }

    [TestCleanup]
    public void Cleanup() => EmulatedDevice.AssertClean();

    private static void Inject(Network network, CudaOptions options, string entryPoint, int nth, float[] expected)
    {
        _ = EmulatedDevice.Fresh();
        EmulatedDevice.Fail(entryPoint, nth, entryPoint == "cuInit" ? 100 : entryPoint.StartsWith("cu", StringComparison.Ordinal)
            && char.IsUpper(entryPoint[2]) ? 999 : 14);
        if (s_replaced.Contains(entryPoint))
        {
            TensorAssert.RelativeL2(expected, Run(network, options), 1e-5, "computed another way");
        }
        else
        {
            InterpException error = Assert.Throws<InterpException>(() => Run(network, options), $"{entryPoint}, call {nth}");
            Assert.IsInstanceOfType<BackendException>(error);
            Assert.DoesNotContain('\n', error.Message);
            Assert.Contains("option 'backend' cpu", error.Message, $"{entryPoint}, call {nth}");
        }

        EmulatedDevice.AssertClean($"after {entryPoint} failed at call {nth}");
        TensorAssert.SameBits(expected, Run(network, options), $"after {entryPoint} failed at call {nth}");
    }

    /// <summary>Forward and backward three times: queued, recorded, launched.</summary>
    private static float[] Run(Network network, CudaOptions options)
    {
        using CudaBackend backend = CudaBackend.Open(options);
        using Session session = backend.Open(network, new SessionOptions { Batch = 2, Keep = [network.Find("sum")] });
        float[] input = new Gaussian(1).Values(session.InputShape.Count);
        var seeds = new Seed[] { new(network.Output, new Gaussian(2).Values(2 * network.Classes)),
            new(network.Find("sum"), new Gaussian(3).Values(session.ShapeOf(network.Find("sum")).Count)) };
        for (int i = 0; i < 3; i++)
        {
            session.Forward(input);
            session.Backward(ReluRules.Guided, default, seeds);
        }

        return session.InputGradient();
    }
}
