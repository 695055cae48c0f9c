using Interp.Engine.Common;
using Interp.Tests.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Keras;

namespace Interp.Tests.Weights.Keras;

/// <summary>
/// Damaged files: each either reads or is refused with a <see cref="ModelException"/> of one line, soon and within memory in proportion to
/// its size. The damage is the same in every run. <c>INTERP_KERAS_MUTANTS</c> is how many files are damaged, by default some thousand.
/// </summary>
[TestClass]
public class KerasFuzzTests
{
    private const int Usual = 4000;

    /// <summary>What a file may take, whatever is in it: 64 MiB, and the values of packed datasets, 100 times its size.</summary>
    private const long FixedBytes = 64 << 20;
    private const int BytesPerByte = 100;

    private static readonly byte[][] Numbers =
    [
        [0], [0xFF], [0x7F], [0x80], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 1, 0, 0, 0],
    ];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Open_Mutants_ReadOrAreRefused()
    {
        string[] files = [.. Directory.GetFiles(KerasFixture.PathOf(), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".keras" or ".h5").Order(StringComparer.Ordinal)];
        byte[][] contents = [.. files.Select(File.ReadAllBytes)];
        int count = Damage.Count("INTERP_KERAS_MUTANTS", Usual);
        var random = new Random(7);
        using var scratch = new ScratchFile([0], "net.keras");
        var damaged = new DamagedFiles(FixedBytes, BytesPerByte);
        for (int i = 0; i < count; i++)
        {
            byte[] content = contents[i % contents.Length];
            byte[] mutant = random.Next(4) == 0 ? Damage.Mutate(content, contents, random) : Overwritten(content, random);
            bool isBare = Path.GetFileName(Path.GetDirectoryName(files[i % files.Length])) == "hdf5";
            damaged.Reads(scratch, mutant, isBare ? Hdf5Content.Reads : Reads);
        }

        damaged.RequireBothEnds();
        TestContext.WriteLine(damaged.Summary);
    }

    /// <summary>Reads a graph and a part of each constant.</summary>
    private static bool Reads(string path)
    {
        using OperatorGraph graph = new KerasFormat().Open(path);
        foreach (GraphTensor constant in graph.Constants.Values)
        {
            var values = new double[(int)Math.Min(constant.Count, 2000)];
            constant.Read(constant.Count - values.Length, values);
        }

        return true;
    }

    /// <summary>The same number of bytes, some of them others.</summary>
    private static byte[] Overwritten(byte[] content, Random random)
    {
        byte[] bytes = [.. content];
        for (int times = random.Next(1, 5); times > 0; times--)
        {
            int at = random.Next(bytes.Length);
            byte[] number = random.Next(3) == 0 ? content.AsSpan(random.Next(content.Length - 8), 8).ToArray()
                : random.Next(2) == 0 ? [(byte)random.Next(256)] : Numbers[random.Next(Numbers.Length)];
            number.AsSpan(0, Math.Min(number.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }
}
