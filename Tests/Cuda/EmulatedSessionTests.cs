using Interp.Cuda;
using Interp.Cuda.Native;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Tests.Cuda.Emulation;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>Sessions on the emulated device, which also counts the calls that they make.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedSessionTests : CudaSessionTests
{
    protected override CudaOptions Device => EmulatedDevice.Fresh();

    [TestMethod]
    public void Passes_Repeated_AreLaunchedAsGraphs()
    {
        CudaOptions options = Device;
        Network network = TinyNets.Vgg();
        using CudaBackend backend = CudaBackend.Open(options);
        using Session session = backend.Open(network, new SessionOptions());
        float[] input = new Gaussian(1).Values(session.InputShape.Count);
        for (int i = 0; i < 5; i++)
        {
            session.Forward(input);
            session.Backward(ReluRules.Vanilla, default, Seed(session));
        }

        Dictionary<string, int> calls = EmulatedDevice.Calls();
        Assert.AreEqual(2, calls["cuStreamBeginCapture_v2"]);
        Assert.AreEqual(8, calls["cuGraphLaunch"], "four of five forward and of five backward passes");
        int before = calls["cuLaunchKernel"];
        session.Forward(input);
        Assert.AreEqual(before, EmulatedDevice.Calls()["cuLaunchKernel"], "a recorded pass launches no kernel by itself");
        Assert.AreEqual(calls["cuMemAlloc_v2"], EmulatedDevice.Calls()["cuMemAlloc_v2"], "no pass takes memory");
    }

    /// <summary>Few channels are worth it only to whoever asks for it; a stride never has it.</summary>
    [TestMethod]
    [DataRow(ConvChoice.Auto, 40, 1, true)]
    [DataRow(ConvChoice.Auto, 8, 1, false)]
    [DataRow(ConvChoice.Direct, 40, 1, false)]
    [DataRow(ConvChoice.Winograd, 8, 1, true)]
    [DataRow(ConvChoice.Winograd, 40, 2, false)]
    public void Convolution_EachChoice_TakesItsAlgorithm(ConvChoice choice, int channels, int stride, bool winograd)
    {
        Network network = TinyNets.Single(new Conv2d(3, channels, Window.Square(3, stride, 1)), 3, 9);
        using CudaBackend backend = CudaBackend.Open(Device with { Convolution = choice });
        using Session session = backend.Open(network, new SessionOptions());
        session.Forward(new Gaussian(1).Values(session.InputShape.Count));

        Assert.AreEqual(winograd, EmulatedDevice.Launches().Contains("winograd_inputs"));
    }

    [TestMethod]
    public void Libraries_OfAnotherFolder_AreRefusedOnceOneIsInUse()
    {
        using CudaBackend backend = CudaBackend.Open(Device);
        LibrarySearch other = NativeLibraries.Load(NativeLibraryFiles.Driver, EmulatedDevice.Folder("cuda11"));

        Assert.IsFalse(other.Found);
        Assert.Contains("this process uses", other.Tried[^1].Reason);
    }

    [TestCleanup]
    public void Cleanup() => EmulatedDevice.AssertClean();
}
