using System.Diagnostics;
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
        int count = int.TryParse(Environment.GetEnvironmentVariable("INTERP_ONNX_MUTANTS"), out int asked) ? asked : Usual;
        var random = new Random(5);
        using var scratch = new ScratchFile([0], "model.onnx");
        int read = 0;
        long most = 0, start = Stopwatch.GetTimestamp();
        double slowest = 0;
        var messages = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            byte[] mutant = Mutate(contents[i % contents.Length], contents, random);
            scratch.Write(mutant);
            long before = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
            string? refusal = Refusal(scratch.Path);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.IsLessThan(FixedBytes + 2 * mutant.Length, allocated, $"{allocated} bytes for a file of {mutant.Length}");
            most = Math.Max(most, allocated);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(began).TotalSeconds);
            read += refusal is null ? 1 : 0;
            if (refusal is not null)
            {
                string kind = new([.. refusal[scratch.Path.Length..].Where(char.IsAsciiLetter).Take(24)]);
                messages[kind] = messages.GetValueOrDefault(kind) + 1;
            }
        }

        // Both ends are reached: damage in the values goes unseen, damage in the graph does not. The time only tells a hang.
        Assert.IsInRange(1, count - 1, read);
        Assert.IsLessThan(10, slowest);
        TestContext.WriteLine($"{count} files, {read} read, {count - read} refused with {messages.Count} kinds of messages; at most {most}"
            + $" bytes and {slowest:f3} s each, {Stopwatch.GetElapsedTime(start).TotalSeconds:f0} s in all");
    }

    /// <summary>Reads a graph and a part of each constant; the message where the file is refused.</summary>
    private static string? Refusal(string path)
    {
        try
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

            return null;
        }
        catch (ModelException e)
        {
            Assert.StartsWith(path + ": ", e.Message);
            Assert.DoesNotContain('\n', e.Message);
            Assert.IsLessThan(path.Length + 1500, e.Message.Length, e.Message);
            return e.Message;
        }
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
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.InsertRange(at, Numbers[random.Next(Numbers.Length)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 64), bytes.Count - at - (at == 0 ? 1 : 0)));
                    break;
                case 5:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                    break;
                case 6:
                    byte[] other = others[random.Next(others.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 400), other.Length - from)).ToArray());
                    break;
                default:
                    byte[] number = Numbers[random.Next(Numbers.Length)];
                    for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = number[i];
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
