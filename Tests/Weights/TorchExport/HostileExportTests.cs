using System.IO.Compression;
using System.Text;
using Interp.Tests.Weights.Formats;
using Interp.Weights;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.TorchExport;

/// <summary>
/// Damaged and made-up archives: each reads or is refused in one line, soon and within memory in proportion to its size. The damage is the
/// same in every run; INTERP_MUTANTS asks for more of it.
/// </summary>
[TestClass]
public class HostileExportTests
{
    private const int Mutants = 3000;
    private const string Variable = "INTERP_MUTANTS";

    /// <summary>What opening may allocate whatever the file holds, and for each byte of it.</summary>
    private const long FixedBytes = 2 << 20;
    private const long BytesPerByte = 100;

    private static readonly string[] Pieces =
    [
        "-1", "0", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e308", "NaN", "null", "true", "[]", "{}",
        "\"\"", "\"x\"", "\"y\"", "\"p_w\"", "\"as_int\"", "\"as_tensor\"", "\"as_none\"", "\"as_sym_int\"", "\"name\"", "\"user_input\"",
        "\"torch.ops.aten.relu_.default\"", "\"torch.ops.aten.view.default\"", "\"torch.ops.aten.batch_norm.default\"", ",", ":", "]", "}",
        "[", "{", "\\u0000", "\"tensor_values\": {\"x\": {\"dtype\": 7, \"sizes\": []}}, ", "{\"as_name\": \"s\"}", "\uD83D\uDE00",
    ];

    /// <summary>Milliseconds are usual; the bound only tells a hang from a busy machine.</summary>
    private const double Seconds = 20;

    [TestMethod]
    public void Archive_TruncatedAtEveryLength_IsNone()
    {
        byte[] content = Net().Bytes();
        using var file = new ScratchFile(content, "net.pt2");
        DamagedFiles files = Files();
        for (int length = 1; length < content.Length; length += 7)
        {
            Assert.IsFalse(files.Reads(file, content.AsSpan(0, length), Reads));
        }
    }

    [TestMethod]
    public void Archive_Mutants_ReadOrAreRefused()
    {
        byte[] content = Net().Bytes();
        var random = new Random(20);
        using var file = new ScratchFile(content, "net.pt2");
        DamagedFiles files = Files();
        for (int i = Damage.Count(Variable, Mutants); i > 0; i--)
        {
            byte[] mutant = [.. content];
            for (int times = random.Next(1, 4); times > 0; times--)
            {
                int at = random.Next(mutant.Length);
                mutant[at] = random.Next(3) == 0 ? (byte)(mutant[at] ^ (1 << random.Next(8))) : (byte)random.Next(256);
            }

            files.Reads(file, mutant, Reads);
        }

        files.RequireBothEnds();
    }

    [TestMethod]
    public void Program_Mutants_ReadOrAreRefused()
    {
        Pt2 net = Net();
        string json = net.Json();
        var random = new Random(21);
        using var file = new ScratchFile([1], "net.pt2");
        DamagedFiles files = Files();
        for (int i = Damage.Count(Variable, Mutants); i > 0; i--)
        {
            files.Reads(file, net.Bytes(json: Mutate(json, random)), Reads);
        }

        files.RequireBothEnds();
    }

    [TestMethod]
    public void Bombs_AreRefusedOrPassedOver()
    {
        Pt2 net = Net();
        string json = net.Json();
        string many = string.Concat(Enumerable.Range(0, 200_000).Select(i =>
            $"\"v{i}\": {{\"dtype\": 7, \"sizes\": [{{\"as_int\": 1}}]}}, "));
        byte[] padding = net.Bytes(json: json.Replace("\"tensor_values\": {", "\"tensor_values\": {" + many, StringComparison.Ordinal));
        using (var file = new ScratchFile(padding, "net.pt2"))
        {
            Assert.IsTrue(Files().Reads(file, padding, Reads));
        }

        // A list of three million small things; a name of a megabyte; brackets in brackets; more JSON than any network's.
        string things = string.Concat(Enumerable.Repeat("{\"as_int\": 1}, ", 1_500_000));
        Pt2.Refuses(net.Bytes(json: json.Replace("\"input_specs\": [", "\"input_specs\": [" + things, StringComparison.Ordinal)),
            "model.json");
        Pt2.Refuses(net.Bytes(json: json.Replace("mean.dim", "mean" + new string('u', 1 << 20), StringComparison.Ordinal)), "a name of");
        Pt2.Refuses(net.Bytes(json: json.Replace("\"module_call_graph\": []", "\"module_call_graph\": " + new string('[', 2000)
            + new string(']', 2000), StringComparison.Ordinal)), "no JSON that can be read");
        string padded = json + new string(' ', 65 << 20);
        Pt2.Refuses(net.Bytes(CompressionLevel.Fastest, padded), "more than 100 times the file");
        Pt2.Refuses(net.Bytes(json: padded), "expected at most 67108864");
    }

    private static DamagedFiles Files() => new(FixedBytes, BytesPerByte, Seconds);

    /// <summary>A network with one of each: shared storages, sizes that are computed, changes in place, pieces.</summary>
    private static Pt2 Net() => new Pt2(-1, 2, 4, 4).Storage("all", [.. Enumerable.Range(0, 60).Select(i => i * 0.1f)])
        .View("w", "all", [4, 2, 1, 1], [2, 1, 1, 1], 3).View("fc.weight", "all", [3, 4], [1, 3], 12).View("s", "all", [4], [1], 40)
        .NodeIn("L__self__,,A;L__self__c,c,B", "conv2d.default", "y", "input=x", "weight=p_w", "stride=ints:[1, 1]", "groups=int:1")
        .Tensor("y", [-1, 4, 4, 4])
        .Node("batch_norm.default", "b", "input=y", "weight=p_s", "bias=none:true", "running_mean=p_s", "running_var=p_s",
            "training=bool:false", "momentum=float:0.1", "eps=float:0.001", "cudnn_enabled=bool:true").Tensor("b", [-1, 4, 4, 4])
        .Node("relu_.default", "r", "self=b").Node("sym_size.int", "s_n", "self=x", "dim=int:0")
        .Node("chunk.default", "[k,l]", "self=r", "chunks=int:2", "dim=int:1")
        .Node("cat.default", "j", "tensors=tensors:[{\"name\": \"k\"}, {\"name\": \"l\"}]", "dim=int:1")
        .Node("mean.dim", "m", "self=j", "dim=ints:[2, 3]").Tensor("m", [-1, 4])
        .Node("view.default", "v", "self=m", "size=sym_ints:[{\"as_name\": \"s_n\"}, {\"as_int\": 4}]").Tensor("v", [-1, 4])
        .Node("linear.default", "z", "input=v", "weight=p_fc_weight").Tensor("z", [-1, 3]);

    private static string Mutate(string json, Random random)
    {
        var text = new StringBuilder(json);
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(text.Length), length = Math.Min(random.Next(1, 40), text.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(random.Next(text.Length), text.ToString(at, length));
                    break;
                case 2:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    // A whole number, name or word becomes another, so that the JSON stays one.
                    string now = text.ToString();
                    int start = now.IndexOfAny(['"', ' '], at);
                    int end = start < 0 ? -1 : now.IndexOfAny([',', '}', ']'], start);
                    if (end > 0)
                    {
                        text.Remove(start, end - start).Insert(start, Pieces[random.Next(Pieces.Length)]);
                    }

                    break;
            }
        }

        return text.ToString();
    }

    private static bool Reads(string path)
    {
        using OperatorGraph? graph = GraphFormats.Open(path);
        foreach (GraphTensor constant in graph?.Constants.Values ?? [])
        {
            constant.Read();
        }

        return graph is not null;
    }
}
