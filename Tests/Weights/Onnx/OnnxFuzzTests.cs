using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Tests.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx;

namespace Interp.Tests.Weights.Onnx;

/// <summary>
/// Damaged files: each either reads or is refused with a <see cref="ModelException"/> of one line, within memory in proportion to its size.
/// The damage is the same in every run. <c>INTERP_ONNX_MUTANTS</c> is how many files are damaged, by default some thousand.
/// </summary>
[TestClass]
public class OnnxFuzzTests
{
    private const int Usual = 6000;

    /// <summary>What a file may take, whatever is in it: 64 MiB and twice its size.</summary>
    private const long FixedBytes = 64 << 20;
    private const int BytesPerByte = 2;

    private static readonly byte[][] Numbers =
    [
        [0], [0xFF], [0x7F], [0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x80, 0x80, 0x80, 0x80, 0x08], [0x0A, 0x00], [0x3A, 0x02, 0x0A, 0x00],
    ];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Open_Mutants_ReadOrAreRefused()
    {
        byte[][] contents = [.. Directory.GetFiles(Repository.PathOf("Tests/Fixtures/onnx"), "*.onnx", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        int count = Damage.Count("INTERP_ONNX_MUTANTS", Usual);
        var random = new Random(5);
        using var scratch = new ScratchFile([0], "model.onnx");
        var files = new DamagedFiles(FixedBytes, BytesPerByte);
        for (int i = 0; i < count; i++)
        {
            files.Reads(scratch, Mutate(contents[i % contents.Length], contents, random), Reads);
        }

        files.RequireBothEnds();
        TestContext.WriteLine(files.Summary);
    }

    /// <summary>Reads a graph and a part of each constant.</summary>
    private static bool Reads(string path)
    {
        using OperatorGraph graph = new OnnxFormat().Open(path);
        foreach (GraphTensor constant in graph.Constants.Values)
        {
            try
            {
                var values = new double[(int)Math.Min(constant.Count, 2000)];
                constant.Read(constant.Count - values.Length, values);
            }
            catch (ModelException e) when (e.Message.Contains("which is no ", StringComparison.Ordinal))
            {
                // A number that its type does not have: the others are read all the same.
            }
        }

        return true;
    }

    private static byte[] Mutate(byte[] content, byte[][] others, Random random)
    {
        List<byte> bytes = [.. content];
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0 or 1:
                    Damage.Flip(bytes, at, random);
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.InsertRange(at, Numbers[random.Next(Numbers.Length)]);
                    break;
                case 4:
                    Damage.Remove(bytes, at, random);
                    break;
                case 5:
                    Damage.Repeat(bytes, at, random);
                    break;
                case 6:
                    Damage.Splice(bytes, at, others, random);
                    break;
                default:
                    Damage.Overwrite(bytes, at, Numbers[random.Next(Numbers.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
