using System.Diagnostics;
using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Cuda.Emulation;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>The program itself on the emulated device, as CUDA 11.8 with cuDNN 8 and as CUDA 13 with cuDNN 9, and where there is no
/// device.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class CudaProcessTests
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "interp-cli");

    [TestMethod]
    [DataRow("cuda11", "11.8", "cuDNN 8.9")]
    [DataRow("cuda13", "13.0", "cuDNN 9.6")]
    public void Doctor_EmulatedDevice_SaysWhatIsThereAndChecksIt(string flavour, string cuda, string cuDnn)
    {
        (int code, string output, _) = Run(EmulatedDevice.Folder(flavour), "doctor", "--json");

        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.AreEqual(ExitCodes.Done, code);
        Assert.AreEqual("Emulated device", report.GetProperty("device").GetString());
        Assert.AreEqual(cuda, report.GetProperty("cuda_version").GetString());
        Assert.Contains(cuDnn, report.GetProperty("convolutions").GetString()!);
        Assert.IsLessThan(1e-6, report.GetProperty("self_check_error").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, report.GetProperty("problem").ValueKind);
    }

    [TestMethod]
    public void Doctor_NoDevice_ListsEveryPlaceAndSucceeds()
    {
        using var nowhere = new TemporaryFolder();
        (int code, string output, _) = Run(nowhere.Root, "doctor");

        Assert.AreEqual(ExitCodes.Done, code);
        Assert.Contains($"{nowhere["libcuda.so.1"]}: not there", output);
        Assert.Contains("--backend auto runs on the CPU: CUDA is not available", output);
    }

    [TestMethod]
    public void Doctor_NotALibrary_SaysWhatIsWrongWithTheFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["libcuda.so.1"], "not a library");
        (int code, string output, _) = Run(folder.Root, "doctor");

        Assert.AreEqual(ExitCodes.Done, code);
        Assert.Contains($"{folder["libcuda.so.1"]}: ", output);
        Assert.DoesNotContain($"{folder["libcuda.so.1"]}: not there", output);
    }

    [TestMethod]
    public void Backend_Auto_FallsBackAndSaysSo()
    {
        using var nowhere = new TemporaryFolder();
        using TemporaryFolder images = Image();
        (int code, _, string error) = Run(nowhere.Root, "predict", images["a.png"], "--model", TinyModel.Folder, "--backend", "auto");

        Assert.AreEqual(ExitCodes.Done, code);
        Assert.Contains("note: running on the CPU: CUDA is not available", error);
    }

    [TestMethod]
    [DataRow("1", "convolutions by Winograd's algorithm and cuDNN 9.6, products by cuBLAS")]
    [DataRow("0", "convolutions by Winograd's algorithm and im2col, own kernels, products by own kernels")]
    public void Doctor_WithAndWithoutLibraries_SaysWhatComputes(string libraries, string words)
    {
        ProcessStartInfo start = Start(EmulatedDevice.Folder("cuda13"), "doctor");
        start.Environment["INTERP_CUDA_LIBRARIES"] = libraries;

        Assert.Contains(words, Shell.Run(start).Output);
    }

    [TestMethod]
    [DataRow("cuda11", "--conv", "auto")]
    [DataRow("cuda13", "--conv", "winograd")]
    [DataRow("cuda13", "--memory", "low")]
    public void Saliency_EmulatedDevice_WritesWhatTheCpuWrites(string flavour, string option, string value)
    {
        using TemporaryFolder images = Image();
        string[] command = [
            "saliency", images["a.png"], "--model", TinyModel.Folder, "--method", "vanilla,guided,gradcam,smoothgrad", "--samples", "4",
            "--out"];
        (int code, _, string error) = Run(EmulatedDevice.Folder(flavour), [.. command, images["cuda"], "--backend", "cuda", option, value]);
        Assert.AreEqual(ExitCodes.Done, code, error);
        Assert.AreEqual(ExitCodes.Done, Run("", [.. command, images["cpu"], "--backend", "cpu", "--conv", "direct"]).Code);

        foreach (string method in (string[])["vanilla", "guided", "gradcam", "smoothgrad"])
        {
            float[] cuda = Values(images["cuda", "a", method, "attribution.npy"]),
                cpu = Values(images["cpu", "a", method, "attribution.npy"]);
            TensorAssert.RelativeL2(cpu, cuda, 1e-4, "float32 sums in another order");
            JsonElement manifest = JsonDocument.Parse(File.ReadAllText(images["cuda", "a", method, "manifest.json"])).RootElement;
            Assert.AreEqual("cuda", manifest.GetProperty("backend").GetString());
            Assert.AreEqual("sm_80", manifest.GetProperty("instruction_set").GetString());
        }
    }

    /// <summary>Evidence too, for which what the passes gave is found again by what the masked images are made of.</summary>
    [TestMethod]
    public void Saliency_MasksMadeOnTheHost_GiveTheSameBitsAndSendMore()
    {
        using TemporaryFolder images = Image();
        var sent = new Dictionary<string, long>();
        foreach (string masks in (string[])["0", "1"])
        {
            ProcessStartInfo start = Start(
                EmulatedDevice.Folder("cuda13"), "saliency", images["a.png"], "--model", TinyModel.Folder, "--method", "rise", "--samples",
                "50", "--backend", "cuda", "--out", images[masks]);
            start.Environment["INTERP_CUDA_MASKS"] = masks;
            (int code, _, string error) = Shell.Run(start);
            Assert.AreEqual(ExitCodes.Done, code, error);
            JsonElement manifest = JsonDocument.Parse(File.ReadAllText(images[masks, "a", "rise", "manifest.json"])).RootElement;
            sent[masks] = manifest.GetProperty("bytes_to_device").GetInt64();
            Assert.AreEqual(50, manifest.GetProperty("forward_passes").GetInt64());
        }

        string values = Path.Combine("a", "rise", "attribution.npy");
        CollectionAssert.AreEqual(File.ReadAllBytes(images["0", values]), File.ReadAllBytes(images["1", values]));
        const int Picture = 3 * 32 * 32 * sizeof(float), Numbers = 51 * sizeof(float);
        Assert.AreEqual((50 * (Picture - Numbers)) - Picture, sent["0"] - sent["1"], "each image but its numbers, and the image once");
    }

    [TestMethod]
    public void Visualize_EmulatedDevice_WritesTheSameBytesTwice()
    {
        using var folder = new TemporaryFolder();
        foreach (string run in (string[])["first", "second"])
        {
            (int code, _, string error) = Run(
                EmulatedDevice.Folder("cuda13"), "visualize", "--model", TinyModel.Folder, "--layer", "features.3", "--channel", "2",
                "--steps", "3", "--backend", "cuda", "--out", folder[run]);
            Assert.AreEqual(ExitCodes.Done, code, error);
        }

        string image = Path.Combine("features.3-2", "image.png");
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["first", image]), File.ReadAllBytes(folder["second", image]));
    }

    [TestMethod]
    public void BenchKernels_EmulatedDevice_TimesEveryKernelOnce()
    {
        (int code, string output, string error) = Run(EmulatedDevice.Folder("cuda13"), "bench", "kernels", "--runs", "1", "--json");

        Assert.AreEqual(ExitCodes.Done, code, error);
        JsonElement[] kernels = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.IsGreaterThan(30, kernels.Length);
        Assert.IsTrue(kernels.All(k => k.GetProperty("milliseconds").GetDouble() > 0));
    }

    private static TemporaryFolder Image()
    {
        var folder = new TemporaryFolder();
        TestImages.WritePng(folder["a.png"]);
        return folder;
    }

    private static float[] Values(string npy) => Npy.Read(npy).Values;

    private static (int Code, string Output, string Error) Run(string libraries, params string[] arguments) =>
        Shell.Run(Start(libraries, arguments));

    private static ProcessStartInfo Start(string libraries, params string[] arguments)
    {
        var start = new ProcessStartInfo(s_program, arguments);
        start.Environment["INTERP_CUDA_PATH"] = libraries;
        return start;
    }
}
