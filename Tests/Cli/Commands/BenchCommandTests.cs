using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class BenchCommandTests
{
    [TestMethod]
    public void Json_HasExactlyTheKeysOfTheInterface()
    {
        JsonElement bench = CliRunner.Run(
            "bench", "--model", TinyModel.Folder, "--batch", "2", "--size", "40", "--threads", "2", "--runs", "3", "--json")
            .AssertDone().Json;

        CollectionAssert.AreEqual(
            (string[])["model", "batch", "threads", "forward_ms", "forward_backward_ms", "peak_bytes", "instruction_set",
                "steady_bytes", "engine_bytes", "session_bytes", "convolution", "memory"],
            bench.EnumerateObject().Select(p => p.Name).ToArray());
        Assert.AreEqual("tiny", bench.GetProperty("model").GetString());
        Assert.AreEqual(2, bench.GetProperty("batch").GetInt32());
        Assert.AreEqual(2, bench.GetProperty("threads").GetInt32());
        foreach (string key in (string[])["forward_ms", "forward_backward_ms"])
        {
            JsonElement times = bench.GetProperty(key);
            Assert.IsGreaterThan(0, times.GetProperty("min").GetDouble());
            Assert.IsLessThanOrEqualTo(times.GetProperty("median").GetDouble(), times.GetProperty("min").GetDouble());
            Assert.IsLessThanOrEqualTo(times.GetProperty("max").GetDouble(), times.GetProperty("median").GetDouble());
        }

        // No .NET process lives in less than 10 MB.
        Assert.IsGreaterThan(10_000_000, bench.GetProperty("peak_bytes").GetInt64());
        Assert.IsLessThanOrEqualTo(bench.GetProperty("peak_bytes").GetInt64(), bench.GetProperty("steady_bytes").GetInt64());
        Assert.IsLessThanOrEqualTo(bench.GetProperty("engine_bytes").GetInt64(), bench.GetProperty("session_bytes").GetInt64());
    }

    [TestMethod]
    [DataRow("direct", "normal")]
    [DataRow("winograd", "low")]
    [DataRow("auto", "low")]
    public void ConvAndMemory_Given_AreRecorded(string convolution, string memory)
    {
        JsonElement bench = CliRunner.Run(
            "bench", "--model", TinyModel.Folder, "--conv", convolution, "--memory", memory, "--runs", "1", "--json").AssertDone().Json;

        Assert.AreEqual(convolution, bench.GetProperty("convolution").GetString());
        Assert.AreEqual(memory, bench.GetProperty("memory").GetString());
    }

    [TestMethod]
    public void Conv_Unknown_GivesCode2() =>
        CliRunner.Run("bench", "--model", TinyModel.Folder, "--conv", "fft").AssertFailed(ExitCodes.Usage, "--conv 'fft'");

    [TestMethod]
    public void Table_ShowsBothKinds() =>
        Assert.Contains("forward and backward", CliRunner.Run("bench", "--model", TinyModel.Folder, "--runs", "1").AssertDone().Out);

    [TestMethod]
    public void Size_TooSmallForTheNetwork_GivesCode2() =>
        CliRunner.Run("bench", "--model", TinyModel.Folder, "--size", "1").AssertFailed(ExitCodes.Usage, "--size 1");

    [TestMethod]
    public void Backend_Cuda_GivesCode4WithoutFallback() =>
        CliRunner.Run("bench", "--model", TinyModel.Folder, "--backend", "cuda").AssertFailed(ExitCodes.Backend, "--backend cuda");
}
