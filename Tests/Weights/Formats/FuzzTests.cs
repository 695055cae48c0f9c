using System.Diagnostics;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Architectures;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Formats;

/// <summary>
/// Damaged files: each either reads or is refused with a <see cref="ModelException"/> of one line, soon and within memory in proportion to
/// its size. The damage is the same in every run.
/// </summary>
[TestClass]
public class FuzzTests
{
    private const int MutantsPerFile = 800;
    private const int CheckpointMutants = 150;

    /// <summary>
    /// What opening may allocate whatever the file holds: the buffers of 16 and 64 KiB, the end of a zip file, the message. And for each
    /// byte of the file: up to 60 bytes while the pickle is read, 16 for the values as float64 (elements are at most twice the bytes).
    /// </summary>
    private const long FixedBytes = 1 << 20;
    private const long BytesPerByte = 100;

    private static readonly byte[][] Numbers =
    [
        [0], [0xFF], [0x7F], [0x80], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0x80],
        [0, 0, 0, 0, 1, 0, 0, 0], "999999999"u8.ToArray(), "-1"u8.ToArray(),
    ];

    public static IEnumerable<object[]> Files => Fixtures.Expected.Keys.Select(f => new object[] { f });

    [TestMethod]
    [DataRow("plain-zip.pth")]
    [DataRow("plain-legacy.pth")]
    [DataRow("plain.safetensors")]
    public void Open_TruncatedAtEveryLength_IsRefused(string file)
    {
        byte[] content = Fixtures.BytesOf(file);
        using var scratch = new ScratchFile(content);
        for (int length = 0; length < content.Length; length++)
        {
            scratch.Write(content.AsSpan(0, length));
            Assert.IsFalse(Survives(scratch.Path, length), $"{file} cut to {length} bytes was read");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Open_Mutants_ReadOrAreRefused(string file)
    {
        byte[] content = Fixtures.BytesOf(file);
        byte[][] others = [.. Fixtures.Expected.Keys.Select(Fixtures.BytesOf)];
        var random = new Random(file.Length * 7919);
        using var scratch = new ScratchFile(content);
        int read = 0;
        for (int i = 0; i < MutantsPerFile; i++)
        {
            byte[] mutant = Mutate(content, others, random);
            scratch.Write(mutant);
            read += Survives(scratch.Path, mutant.Length) ? 1 : 0;
        }

        // Both ends are reached: damage in the values goes unseen, damage in the table does not.
        Assert.IsInRange(1, MutantsPerFile - 1, read);
    }

    [TestMethod]
    public void Plan_MutatedCheckpoints_PlanOrAreRefused()
    {
        string[] files = Directory.GetFiles(Path.GetDirectoryName(Fixtures.PathOf("networks/networks.json"))!, "*.pth");
        byte[][] contents = [.. files.Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var random = new Random(11);
        using var scratch = new ScratchFile(contents[0]);
        int planned = 0;
        for (int i = 0; i < contents.Length * CheckpointMutants; i++)
        {
            scratch.Write(Mutate(contents[i % contents.Length], contents, random));
            planned += Plans(scratch.Path) ? 1 : 0;
        }

        Assert.IsInRange(1, contents.Length * CheckpointMutants - 1, planned);
    }

    /// <summary>Finds the network in a file, plans it, and computes what is made of several tensors.</summary>
    private static bool Plans(string path)
    {
        try
        {
            using WeightSource source = WeightFormats.Open(path);
            var weights = new NetworkWeights(source, null);
            ModelPlan plan = ArchitectureCatalog.Plan(weights.Entries);
            plan.Classes("m", Preprocessing.ImageNet);
            foreach (TensorRecipe recipe in plan.Nodes.SelectMany(n => n.Tensors))
            {
                recipe.Read(weights, 0, new double[Math.Min(recipe.Shape.Count, 1000)]);
            }

            return true;
        }
        catch (ModelException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            return false;
        }
    }

    /// <summary>Reads all of a file; false if it is refused as it should be, an error of the test if anything else happens.</summary>
    private static bool Survives(string path, int length)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        bool read = ReadsWhole(path);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsLessThan(FixedBytes + BytesPerByte * length, allocated, $"{allocated} bytes for a file of {length}");

        // Milliseconds are usual; the bound only tells a hang from a busy machine.
        Assert.IsLessThan(10, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return read;
    }

    private static bool ReadsWhole(string path)
    {
        try
        {
            using WeightSource source = WeightFormats.Open(path);
            foreach (WeightEntry entry in source.Entries)
            {
                try
                {
                    source.Read(entry);
                }
                catch (ModelException e) when (e.Message.Contains("cannot be read", StringComparison.Ordinal))
                {
                    // A complex tensor, say: the others are read all the same.
                }
            }

            return true;
        }
        catch (ModelException e)
        {
            Assert.StartsWith(path + ": ", e.Message);
            Assert.DoesNotContain('\n', e.Message);
            return false;
        }
    }

    /// <summary>A file's bytes, damaged in up to three places.</summary>
    internal static byte[] Mutate(byte[] content, byte[][] others, Random random)
    {
        List<byte> bytes = [.. content];
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    byte[] number = Numbers[random.Next(Numbers.Length)];
                    for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = number[i];
                    }

                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 64), bytes.Count - at - (at == 0 ? 1 : 0)));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                    break;
                case 5:
                    byte[] other = others[random.Next(others.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 400), other.Length - from)).ToArray());
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.Add(content[^1]);
                    break;
            }
        }

        return [.. bytes];
    }
}
