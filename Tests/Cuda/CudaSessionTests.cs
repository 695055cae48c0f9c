using Interp.Cuda;
using Interp.Cuda.Profiling;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>What a session asks of a CUDA device beside the arithmetic. A kind of device is tested by one class derived from
/// this.</summary>
public abstract class CudaSessionTests
{
    /// <summary>The device, as a test finds it.</summary>
    protected abstract CudaOptions Device { get; }

    [TestMethod]
    public void Weights_OfSeveralSessions_AreOnTheDeviceOnce()
    {
        CudaOptions options = Device;
        Network network = TinyNets.Vgg();
        using CudaBackend backend = CudaBackend.Open(options);
        using Session first = backend.Open(network, new SessionOptions());
        long held = backend.Weights.Bytes;
        using Session second = backend.Open(network, new SessionOptions { Batch = 3 });

        Assert.AreEqual(network.Nodes.Sum(n => n.ParameterCount) * sizeof(float), held);
        Assert.AreEqual(held, backend.Weights.Bytes);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Weights_TransformedForWinograd_AreOnTheDeviceOnceForADirection(bool backward)
    {
        const int In = 3, Out = 40;
        Network network = TinyNets.Single(new Conv2d(In, Out, Window.Square(3, padding: 1)), In, 9);
        using CudaBackend backend = CudaBackend.Open(Device);
        using Session first = backend.Open(network, new SessionOptions { Backward = backward });
        using Session second = backend.Open(network, new SessionOptions { Backward = backward, Batch = 2 });

        Assert.AreEqual(sizeof(float) * ((36 * In * Out * (backward ? 2 : 1)) + Out), backend.Weights.Bytes);
    }

    [TestMethod]
    public void Weights_OfANetworkThatIsNoMore_AreFreed()
    {
        using CudaBackend backend = CudaBackend.Open(Device);
        RunOnce(backend);
        Assert.IsGreaterThan(0, backend.Weights.Bytes);

        LeakCheck.Collect();
        Network other = TinyNets.Perceptron(3, 2);
        using Session session = backend.Open(other, new SessionOptions());

        Assert.AreEqual(other.Nodes.Sum(n => n.ParameterCount) * sizeof(float), backend.Weights.Bytes);
    }

    [TestMethod]
    public void RuleOrFunction_WithoutAKernel_IsNamed()
    {
        using CudaBackend backend = CudaBackend.Open(Device);

        foreach (ReluRule rule in (ReluRule[])[.. ReluRules.All, ReluRules.Redirected])
        {
            Assert.IsTrue(backend.Kernels.Contains($"relu_backward_{rule.Name}"), $"the rule {rule.Name} has no kernel");
            Assert.IsTrue(backend.Kernels.Contains($"sloped_backward_{rule.Name}"), $"the rule {rule.Name} has no kernel for activations");
        }

        foreach (string function in ActivationFunctions.All.Names)
        {
            Assert.IsTrue(backend.Kernels.Contains($"activation_{function}"), $"the function {function} has no kernel");
        }

        Assert.Contains("no kernel 'relu_backward_none'",
            Assert.ThrowsExactly<BackendException>(() => backend.Kernels.Function("relu_backward_none")).Message);
    }

    [TestMethod]
    public void Launch_OtherArguments_IsRefused()
    {
        using CudaBackend backend = CudaBackend.Open(Device);

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => backend.Kernels.LaunchOver(backend.Stream, "relu_forward", 1, 1, 0UL, 0UL, 1));

        Assert.Contains("relu_forward", error.Message);
    }

    [TestMethod]
    public void FastMath_Gradient_KeepsTenBits()
    {
        CudaOptions options = Device;
        Network network = TinyNets.Vgg();
        float[] exact = Gradient(network, options), fast = Gradient(network, options with { FastMath = FastMath.Tf32 });
        double distance = TensorAssert.RelativeL2(Array.ConvertAll(exact, v => (double)v), Array.ConvertAll(fast, v => (double)v));

        Assert.IsGreaterThan(1e-5, distance, "TF32 was asked for and not used");
        Assert.IsLessThan(0.05, distance);
    }

    [TestMethod]
    public void FastMath_ThreeProducts_AreNearlyFloat32()
    {
        CudaOptions options = Device with { Convolution = ConvChoice.Winograd }, threefold = options with { FastMath = FastMath.Tf32x3 };
        Network network = VggNets.Make(11, 128, divisor: 4);
        float[] exact = Gradient(network, options), fast = Gradient(network, threefold);
        double distance = TensorAssert.RelativeL2(Array.ConvertAll(exact, v => (double)v), Array.ConvertAll(fast, v => (double)v));

        Assert.IsGreaterThan(0, distance, "tensor cores were asked for and not used");
        Assert.IsLessThan(2e-5, distance, "2^-21 a term, a dozen layers");
        using CudaBackend backend = CudaBackend.OpenChecked(threefold);
        Assert.Contains("three of TF32", backend.Description);
    }

    [TestMethod]
    public void SelfCheck_DeviceThatRounds_IsFound()
    {
        CudaOptions options = Device;
        using CudaBackend rounding = CudaBackend.Open(options with { FastMath = FastMath.Tf32 });
        Assert.IsGreaterThan(SelfCheck.Tolerance, SelfCheck.Run(rounding));
        using CudaBackend backend = CudaBackend.Open(options);
        Assert.IsLessThan(1e-6, SelfCheck.Run(backend));
        using CudaBackend checkedBackend = CudaBackend.OpenChecked(options);
        Assert.AreEqual("cuda", checkedBackend.Info.Name);
    }

    [TestMethod]
    public void KernelBenchmark_HasEveryKernelOnce()
    {
        using CudaBackend backend = CudaBackend.Open(Device);
        using var workloads = new KernelWorkloads(backend.Kernels, backend.Stream, batch: 1);

        string[] named = [.. workloads.All().Select(w => w.Kernel).Order(StringComparer.Ordinal)];

        CollectionAssert.AreEqual(backend.Kernels.Names.Order(StringComparer.Ordinal).ToArray(), named);
    }

    private static float[] Gradient(Network network, CudaOptions options)
    {
        using CudaBackend backend = CudaBackend.Open(options);
        using Session session = backend.Open(network, new SessionOptions());
        session.Forward(new Gaussian(1).Values(session.InputShape.Count));
        session.Backward(ReluRules.Vanilla, default, Seed(session));
        return session.InputGradient();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void RunOnce(CudaBackend backend)
    {
        using Session session = backend.Open(TinyNets.Vgg(), new SessionOptions());
        session.Forward(new float[session.InputShape.Count]);
    }

    private protected static Seed Seed(Session session) =>
        new(session.Network.Output, new Gaussian(2).Values(session.ShapeOf(session.Network.Output).Count));
}
