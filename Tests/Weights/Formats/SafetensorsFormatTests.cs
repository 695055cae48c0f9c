using System.Text;
using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Tests.Weights.Formats;

/// <summary>The safetensors format to the letter.</summary>
[TestClass]
public class SafetensorsFormatTests
{
    [TestMethod]
    [DataRow("""{}""", 0)]
    [DataRow("""{"__metadata__":{"a":"b"}}""", 0)]
    [DataRow("""{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  """, 4)]
    [DataRow("""{"w":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]}}""", 0)]
    [DataRow("""{"v":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},"w":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]}}""", 8)]
    [DataRow("""{"e":{"dtype":"I8","shape":[0],"data_offsets":[4,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4)]
    public void Header_ThatIsRight_IsRead(string header, int data)
    {
        using var file = new ScratchFile(Make(header, data), "x.safetensors");
        using WeightSource source = WeightFormats.Open(file.Path);
        foreach (WeightEntry entry in source.Entries)
        {
            Assert.HasCount((int)entry.Count, source.Read(entry));
        }
    }

    [TestMethod]
    [DataRow("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "behind its last tensor")]
    [DataRow("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "truncated")]
    [DataRow("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "no gaps")]
    [DataRow("""{"v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6, "no overlaps")]
    [DataRow("""{"v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "no overlaps")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "do not hold")]
    [DataRow("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "do not hold")]
    [DataRow("""{"w":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "do not hold")]
    [DataRow("""{"w":{"dtype":"U8","shape":[-1],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [DataRow("""{"w":{"dtype":"U8","shape":[1.5],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [DataRow("""{"w":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [DataRow("""{"w":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", 4, "data_offsets [4,0]")]
    [DataRow("""{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,9223372036854775807]}}""", 4, "data_offsets")]
    [DataRow("""{"w":{"dtype":"U8","shape":[4],"data_offsets":[0]}}""", 4, "data_offsets")]
    [DataRow("""{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}}""", 4, "data_offsets")]
    [DataRow("""{"w":{"dtype":"U8","shape":[4]}}""", 4, "data_offsets")]
    [DataRow("""{"w":{"dtype":"F4","shape":[4],"data_offsets":[0,4]}}""", 4, "dtype 'F4', expected one of BF16, BOOL")]
    [DataRow("""{"w":{"dtype":7,"shape":[4],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [DataRow("""{"w":[]}""", 0, "needs a dtype")]
    [DataRow("""{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "JSON")]
    [DataRow("""{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\u0077":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "JSON")]
    [DataRow("""{"w":{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "JSON")]
    [DataRow("""{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "JSON")]
    [DataRow("""{"__metadata__":{"a":1}}""", 0, "strings to strings")]
    [DataRow("""{"__metadata__":[]}""", 0, "strings to strings")]
    [DataRow("""{"w":1""", 0, "JSON")]
    [DataRow("{\"a\nb\":1}", 0, "JSON")]
    [DataRow("""{} x""", 0, "JSON")]
    [DataRow("""{/**/}""", 0, "JSON")]
    [DataRow("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}}""", 0, "JSON")]
    public void Header_ThatIsWrong_IsRefused(string header, int data, string word) =>
        ScratchFile.Refuses(Make(header, data), "x.safetensors", [word]);

    [TestMethod]
    public void HeaderLength_ThatLies_IsRefused()
    {
        ScratchFile.Refuses([.. BitConverter.GetBytes(100_000_001L), .. "{}"u8], "x.safetensors", ["100000001", "at most 100000000"]);
        ScratchFile.Refuses([.. BitConverter.GetBytes(-1L), .. "{}"u8], "x.safetensors", ["18446744073709551615"]);
        ScratchFile.Refuses([.. BitConverter.GetBytes(3L), .. "{}"u8], "x.safetensors", ["truncated"]);
        ScratchFile.Refuses([.. BitConverter.GetBytes(0L), .. "{}"u8], "x.safetensors", ["0 bytes"]);
        ScratchFile.Refuses([.. BitConverter.GetBytes(3L), .. " {}"u8], "x.safetensors", ["0x20, expected '{'"]);
        ScratchFile.Refuses([1, 2, 3], "x.safetensors", ["3 bytes"]);
    }

    [TestMethod]
    [DataRow("F8_E4M3", "float8_e4m3fn")]
    [DataRow("F8_E5M2", "float8_e5m2")]
    public void EightBitFloats_OpenButAreNotRead(string dtype, string name)
    {
        using var file = new ScratchFile(Make($$$"""{"w":{"dtype":"{{{dtype}}}","shape":[4],"data_offsets":[0,4]}}""", 4));
        using WeightSource source = WeightFormats.Open(file.Path);
        Assert.Contains($"'w' holds {name}", Assert.ThrowsExactly<ModelException>(() => source.Read(source.Entries[0])).Message);
    }

    [TestMethod]
    [DataRow("U16", (double)0x0201)]
    [DataRow("U32", (double)0x04030201)]
    public void UnsignedIntegers_AreRead(string dtype, double first)
    {
        int count = dtype == "U16" ? 2 : 1;
        byte[] content = [.. Make($$$"""{"w":{"dtype":"{{{dtype}}}","shape":[{{{count}}}],"data_offsets":[0,4]}}""", 0), 1, 2, 3, 4];
        using var file = new ScratchFile(content);
        using WeightSource source = WeightFormats.Open(file.Path);
        Assert.AreEqual(first, source.Read(source.Entries[0])[0]);
    }

    private static byte[] Make(string header, int data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[data]];
    }
}
