using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>Wrong calls of cuBLAS and cuDNN, each of which the emulated libraries refuse or report, and what they leave open.</summary>
[TestClass]
[DoNotParallelize]
public sealed unsafe class EmulatorLibraryTests
{
    private const int BlasNotInitialized = 1, BlasInvalidValue = 7, Tf32 = 3, FmaMath = 3;

    [TestMethod]
    [DataRow("cuda11", "libcublas.so.11", "libcudnn.so.8", 8905)]
    [DataRow("cuda13", "libcublas.so.13", "libcudnn.so.9", 90600)]
    public void Libraries_OfAFlavour_AreItsVersions(string flavour, string blas, string dnn, int version)
    {
        string folder = EmulatorBuild.Folder(flavour);
        using RawDevice device = new(folder);

        Assert.IsTrue(File.Exists(Path.Combine(folder, blas)));
        Assert.IsTrue(File.Exists(Path.Combine(folder, dnn)));
        Assert.AreEqual(version, device.Call("cudnnGetVersion"));
        Assert.AreEqual(flavour == "cuda11" ? 11080 : 13000, device.Made("cuDriverGetVersion"));
        Assert.AreEqual(flavour == "cuda13", device.Exports("cudnnGetLastErrorString"));
        Assert.AreEqual(flavour == "cuda11", device.Exports("cudnnOpsInferVersionCheck"));
        Assert.AreEqual(flavour == "cuda13", device.Exports("cudnnOpsVersionCheck"));
        Assert.IsFalse(device.Exports("cuMemAlloc"), "the plain name is an interface of CUDA 3.1");
        Assert.IsFalse(device.Exports("cublasCreate"));
    }

    [TestMethod]
    [DataRow("cuda11", 1)]
    [DataRow("cuda13", 1001)]
    public void Calls_WithoutContext_AreNotInitialized(string flavour, int dnn)
    {
        using RawDevice device = new(EmulatorBuild.Folder(flavour), context: false);
        nint handle = 0;

        Assert.AreEqual(BlasNotInitialized, device.Call("cublasCreate_v2", (nint)(&handle)));
        Assert.AreEqual(dnn, device.Call("cudnnCreate", (nint)(&handle)));
    }

    [TestMethod]
    public void Product_OfWrongArguments_IsRefused()
    {
        using RawDevice device = new(EmulatorBuild.Folder("cuda13"));
        using var product = new RawProduct(device, 4, 3, 2);

        Assert.AreEqual(0, product.Run());
        Assert.AreEqual(BlasInvalidValue, product.Run(lda: 3), "rows do not fit");
        Assert.AreEqual(BlasInvalidValue, product.Run(ldc: 3));
        Assert.AreEqual(BlasInvalidValue, product.Run(m: -1));
        Assert.AreEqual(BlasInvalidValue, product.Run(operation: 3));
        Assert.AreEqual(BlasInvalidValue, product.Run(alpha: null));
        Assert.AreEqual(BlasInvalidValue, product.Run(shift: 2), "not aligned");
        Assert.AreEqual("", device.Violations);
        Assert.AreEqual(BlasInvalidValue, product.Run(k: 3));
        Assert.AreEqual(BlasInvalidValue, product.Run(shift: 4), "one value beyond the end");
        Assert.Contains("a matrix reaches beyond its allocation", device.Violations);
        Assert.AreEqual(BlasNotInitialized, product.Run(handle: product.Stream), "not a handle");
        device.Done("cublasSetStream_v2", product.Handle, product.Stream);
        Assert.AreEqual(0, product.Run());
        Assert.Contains("no workspace was given", device.Violations, "setting the stream took it away");
        nint workspace = device.Allocate(1024);
        Assert.AreEqual(BlasInvalidValue, device.Call("cublasSetWorkspace_v2", product.Handle, workspace + 128, 512), "not aligned");
        Assert.AreEqual(BlasInvalidValue, device.Call("cublasSetWorkspace_v2", product.Handle, workspace, 1025));
    }

    [TestMethod]
    public void Product_InItsOwnFactor_IsReported()
    {
        using RawDevice device = new(EmulatorBuild.Folder("cuda13"));
        using var product = new RawProduct(device, 4, 4, 4);
        Assert.AreEqual(0, product.Run(into: product.A));

        Assert.Contains("the result overlaps a factor", device.Violations);
    }

    /// <summary>Sums, their order apart, and the scalars as they were at the call.</summary>
    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(17, 7, 300)]
    [DataRow(130, 13, 600)]
    public void Product_OfMatrices_IsClose(int m, int n, int k)
    {
        using RawDevice device = new(EmulatorBuild.Folder("cuda13"));
        using var product = new RawProduct(device, m, n, k);
        Assert.AreEqual(0, product.Run(alpha: 2));

        TensorAssert.RelativeL2(product.Expected(2), product.Result(), 1e-6, "float32 sums in blocks of 256");
    }

    [TestMethod]
    public void Product_InTf32_KeepsTenBits()
    {
        using RawDevice device = new(EmulatorBuild.Folder("cuda13"));
        using var product = new RawProduct(device, 20, 20, 20);
        device.Done("cublasSetMathMode", product.Handle, Tf32);
        Assert.AreEqual(0, product.Run());
        double error = Distance(product.Expected(1), product.Result());

        Assert.IsGreaterThan(1e-5, error);
        Assert.IsLessThan(1e-3, error);
    }

    [TestMethod]
    public void Product_OfAMatrixAndAVector_IsClose()
    {
        using RawDevice device = new(EmulatorBuild.Folder("cuda13"));
        using var product = new RawProduct(device, 17, 1, 300);
        float alpha = 1, beta = 0;
        device.Done("cublasSgemv_v2", product.Handle, 0, 17, 300, (nint)(&alpha), product.A, 17, product.B, 1, (nint)(&beta), product.C, 1);

        TensorAssert.RelativeL2(product.Expected(1), product.Result(), 1e-6, "float32 sums in blocks of 256");
    }

    [TestMethod]
    [DataRow("cuda11", false, 3)]
    [DataRow("cuda13", false, 2006)]
    [DataRow("cuda11", true, 3)]
    [DataRow("cuda13", true, 2006)]
    public void Convolution_WithAWorkspaceOneByteShort_IsRefused(string flavour, bool backward, int status)
    {
        using RawDevice device = new(EmulatorBuild.Folder(flavour));
        using var convolution = new RawConvolution(device, FmaMath);
        foreach (int algorithm in new[] { 1, 2 })
        {
            long needed = convolution.WorkspaceBytes(backward, algorithm);
            Assert.IsGreaterThan(0, needed);
            Assert.AreEqual(status, convolution.Run(backward, algorithm, needed - 1));
            Assert.AreEqual(0, convolution.Run(backward, algorithm, needed));
        }
    }

    [TestMethod]
    [DataRow("cuda11", 3, 3, 3, 9)]
    [DataRow("cuda13", 2000, 2002, 2003, 3000)]
    public void Convolution_OfWrongArguments_IsRefused(string flavour, int bad, int isNull, int misaligned, int unsupported)
    {
        using RawDevice device = new(EmulatorBuild.Folder(flavour));
        using var convolution = new RawConvolution(device, FmaMath);

        Assert.AreEqual(isNull, convolution.Run(false, 0, 0, x: 0));
        Assert.AreEqual(misaligned, convolution.Run(false, 0, 0, x: convolution.X + 2));
        Assert.AreEqual(unsupported, convolution.Run(false, 3, 0));
        Assert.AreEqual("", device.Violations);
        Assert.AreEqual(bad, convolution.Run(false, 0, 0, x: convolution.X + 4));
        Assert.Contains("a tensor reaches beyond its allocation", device.Violations);
        device.Done("cudnnDestroyTensorDescriptor", convolution.XDescriptor);
        Assert.AreEqual(bad, convolution.Run(false, 0, 0), "a descriptor that is no more");
    }

    [TestMethod]
    public void Convolution_WithoutTheFmaMathType_IsOffByTf32()
    {
        float[] Result(int math, bool backward)
        {
            using RawDevice device = new(EmulatorBuild.Folder("cuda13"));
            using var convolution = new RawConvolution(device, math);
            Assert.AreEqual(0, convolution.Run(backward, 1, convolution.WorkspaceBytes(backward, 1)));
            return convolution.Result(backward);
        }

        foreach (bool backward in new[] { false, true })
        {
            float[] exact = backward ? RawConvolution.ExpectedGradient() : RawConvolution.Expected();
            TensorAssert.RelativeL2(exact, Result(FmaMath, backward), 1e-6, "float32 sums");
            Assert.IsGreaterThan(1e-5, Distance(exact, Result(0, backward)));
        }
    }

    [TestMethod]
    public void Gradient_ByTheAlgorithmWithoutAnOrder_HasOtherBitsNowAndThen()
    {
        float[][] Results(int algorithm) => [.. Enumerable.Range(0, 8).Select(seed =>
        {
            using RawDevice device = new(EmulatorBuild.Folder("cuda13"), seed);
            using var convolution = new RawConvolution(device, FmaMath);
            Assert.AreEqual(0, convolution.Run(true, algorithm, convolution.WorkspaceBytes(true, algorithm)));
            return convolution.Result(true);
        })];

        float[][] open = Results(0), fixedOrder = Results(1);
        Assert.IsTrue(open.Any(r => !r.SequenceEqual(open[0])));
        Assert.IsTrue(fixedOrder.All(r => r.SequenceEqual(fixedOrder[0])));
    }

    [TestMethod]
    public void Algorithms_ComeInOtherOrdersAndNotAllAreSupported()
    {
        List<int> firsts = [];
        foreach (int seed in Enumerable.Range(0, 8))
        {
            using RawDevice device = new(EmulatorBuild.Folder("cuda13"), seed);
            using var convolution = new RawConvolution(device, FmaMath);
            (int Algorithm, int Status, bool Deterministic)[] found = convolution.Algorithms();
            firsts.Add(found[0].Algorithm);
            Assert.IsTrue(found.Any(a => a.Status == 3000) && found.Any(a => a.Status == 0 && !a.Deterministic));
        }

        Assert.IsGreaterThan(2, firsts.Distinct().Count());
    }

    [TestMethod]
    public void Libraries_WhileRecording_RecordTheirWork()
    {
        using RawDevice device = new(EmulatorBuild.Folder("cuda13"));
        using var product = new RawProduct(device, 4, 4, 4);
        device.Done("cuStreamBeginCapture_v2", product.Stream, 1);
        Assert.AreEqual(0, product.Run());
        nint graph = 0;
        device.Done("cuStreamEndCapture", product.Stream, (nint)(&graph));
        Assert.IsTrue(product.Result().All(float.IsNaN), "recording runs nothing");

        device.Done("cuGraphLaunch", device.Made("cuGraphInstantiateWithFlags", graph, 0), product.Stream);
        TensorAssert.RelativeL2(product.Expected(1), product.Result(), 1e-6, "float32 sums");
    }

    private static double Distance(float[] expected, float[] found) =>
        TensorAssert.RelativeL2(Array.ConvertAll(expected, v => (double)v), Array.ConvertAll(found, v => (double)v));
}
