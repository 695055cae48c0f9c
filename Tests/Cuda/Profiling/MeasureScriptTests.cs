using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Profiling;

/// <summary>What <c>scripts/measure_gpu</c> says before it looks for a GPU; what it measures is seen where there is one.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class MeasureScriptTests
{
    [TestMethod]
    [DataRow("scripts/measure_gpu --batch 8", "error: unknown option --batch: expected --model, --batches")]
    [DataRow("scripts/measure_gpu --runs", "error: --runs: expected an option and its value")]
    public void Options_ThatAreWrong_EndInOneLine(string command, string start)
    {
        (int code, string output, string error) = Shell.Run(command);

        Assert.AreEqual(2, code);
        Assert.AreEqual("", output);
        Assert.StartsWith(start, error);
        Assert.HasCount(1, error.TrimEnd('\n').Split('\n'));
    }
}
