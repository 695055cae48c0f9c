using System.Globalization;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>Numbers are written and read in one way, whatever the user's language.</summary>
[TestClass]
public sealed class CultureTests
{
    [TestMethod]
    public void Commands_InACultureWithDecimalCommas_PrintPoints()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        string[][] commands =
        [
            ["predict", image, "--model", TinyModel.Folder],
            ["saliency", image, "--method", "vanilla,gradcam", "--model", TinyModel.Folder, "--out", scratch["out"]],
            ["saliency", image, "--method", "vanilla", "--alpha", "0,5"],
            ["saliency", image, "--method", "smoothgrad", "--noise", "0,5"],
            ["saliency", "--help"],
            ["methods", "lime"],
        ];
        CliResult[] expected = [.. commands.Select(c => CliRunner.Run(c))];
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = german.NumberFormat.PercentDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.AreEqual("0,5", $"{0.5}", "the culture is in force");
            for (int i = 0; i < commands.Length; i++)
            {
                CliResult found = CliRunner.Run(commands[i]);
                Assert.AreEqual(expected[i].Out, found.Out);
                Assert.AreEqual(expected[i].ExitCode, found.ExitCode);
                Assert.AreEqual(i == 1 ? "" : expected[i].Error, i == 1 ? "" : found.Error);
            }

            Assert.AreEqual("0,5", $"{0.5}", "the caller's culture stays");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
