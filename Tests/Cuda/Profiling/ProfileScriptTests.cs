using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Profiling;

/// <summary>
/// What <c>scripts/profile_kernels</c> makes of captures. These were written by hand in the format that the profilers are documented to
/// have: no real
/// capture of these kernels was seen.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class ProfileScriptTests
{
    private const string NoProfilers = "PATH=$(dirname \"$(command -v bash)\"):/usr/bin:/bin; command -v ncu nsys > /dev/null && exit 77; ";

    [TestMethod]
    public void From_CaptureOfNcu_HasMediansAndShares()
    {
        (int code, string output, _) = Shell.Run("scripts/profile_kernels --from Tests/Fixtures/cuda/ncu.csv");

        Assert.AreEqual(0, code);
        Assert.AreEqual(
            """
            kernel                       launches    median us     GB/s  % of peak    GFLOP/s  % of peak
            sgemm_nn                            3       401.22       83        3.1       9220       78.2
            relu_forward                        3        10.11     2541       82.0          0       11.4
            adam_step                           3         5.02      479       41.0        479       56.0
            softmax_forward                     1         1.50        -          -          -          -

            """,
            output);
    }

    [TestMethod]
    public void From_CaptureOfNsys_HasTimesOnly()
    {
        (int code, string output, _) = Shell.Run("scripts/profile_kernels --from Tests/Fixtures/cuda/nsys.csv");

        Assert.AreEqual(0, code);
        Assert.AreEqual(
            """
            kernel                       launches    median us     GB/s  % of peak    GFLOP/s  % of peak
            sgemm_nn                            3       401.22        -          -          -          -
            relu_forward                        3        10.11        -          -          -          -

            """,
            output);
    }

    [TestMethod]
    [DataRow("scripts/profile_kernels --from README.md", 3, "error: README.md holds no kernel")]
    [DataRow("scripts/profile_kernels --from missing.csv", 3, "error: missing.csv: no such file")]
    [DataRow("scripts/profile_kernels --tool gprof", 2, "error: --tool is ncu or nsys")]
    [DataRow(NoProfilers + "scripts/profile_kernels", 4, "error: neither ncu nor nsys is on the PATH")]
    [DataRow(NoProfilers + "scripts/profile_kernels --tool nsys", 4, "error: nsys is not on the PATH")]
    public void Run_WhereItCannot_SaysSoInALine(string commands, int expected, string start)
    {
        (int code, string output, string error) = Shell.Run(commands);
        if (code == 77)
        {
            Assert.Inconclusive("a profiler is installed");
        }

        Assert.AreEqual(expected, code, error);
        Assert.AreEqual("", output);
        Assert.StartsWith(start, error);
        Assert.HasCount(1, error.TrimEnd('\n').Split('\n'));
    }
}
