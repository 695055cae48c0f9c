using System.Text.Json;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Pickle;

namespace Interp.Tests.Weights.Formats;

/// <summary>
/// Files that hold whole modules, written by PyTorch and by hand. Their tensors are compared with PyTorch's by <see cref="FixtureTests"/>.
/// </summary>
[TestClass]
public class WholeModuleTests
{
    private static readonly float[] Values = [0, 1, 2, 3, 4, 5, 6, 7];

    public static IEnumerable<object[]> Files => Fixtures.Modules.Keys.Select(f => new object[] { f });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Modules_HaveTheirClassesAndAttributes(string file)
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf(file));
        Dictionary<string, Fixtures.Module> expected = Fixtures.Modules[file].Modules;

        Assert.IsNotNull(source.Modules);
        CollectionAssert.AreEqual(expected.Keys.ToArray(), source.Modules.All.Select(m => m.Path).ToArray());
        foreach ((string path, Fixtures.Module module) in expected)
        {
            SavedModule saved = source.Modules.Find(path)!;
            Assert.AreEqual(module.Class, saved.Class);
            Assert.AreEqual(module.Class[(module.Class.LastIndexOf('.') + 1)..], saved.Kind);
            foreach ((string name, JsonElement value) in module.Attributes)
            {
                Assert.IsTrue(saved.Has(name), $"{path}.{name}");
                Assert.IsTrue(Same(value, saved, name), $"{path}.{name} is not {value}");
            }
        }
    }

    [TestMethod]
    public void Attributes_OfOtherKinds_AreNull()
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf("modules/own-zip.pth"));
        SavedModule root = source.Modules!.Root!;

        Assert.AreEqual("torch.nn.functional.relu", source.Modules.Find("act")!.Reference("function"), "a function by its name");
        Assert.IsTrue(root.Has("plain_tensor") && root.Has("device") && !root.Has("size2"));
        Assert.IsNull(root.Number("label") ?? root.Number("on") ?? root.Number("plain_tensor") ?? root.Number("none"));
        Assert.IsNull(root.Word("rate") ?? root.Word("size") ?? root.Reference("label"));
        Assert.IsNull(root.Flag("rate") ?? root.Flag("none"));
        Assert.IsTrue(root.Numbers("label") is null && root.Numbers("on") is null && root.Numbers("none") is null);
        Assert.AreEqual(0.5, root.Numbers("rate")!.Value.Single(), "a number is a tuple of one");
    }

    [TestMethod]
    public void StateDict_HasNoModules()
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf("plain-zip.pth"));
        Assert.IsNull(source.Modules);
    }

    [TestMethod]
    [DataRow("evil.pth", "'posix.system'", "nothing was run")]
    [DataRow("cycle.pth", "the module 'features.4' holds itself", "save model.state_dict()")]
    [DataRow("subclass.pth", "tensor 'features.0.weight' is of the class '__main__.Odd'", "as_subclass(torch.Tensor)")]
    [DataRow("quantized.pth", "'torch._utils._rebuild_qtensor'", "dequantize")]
    public void Module_ThatCannotBeRead_SaysWhatToDo(string file, params string[] words) =>
        ScratchFile.Refuses(Fixtures.BytesOf($"modules/{file}"), words);

    [TestMethod]
    public void Function_ThatWouldWriteAFile_IsOnlyAName()
    {
        using WeightSource source = WeightFormats.Open(Fixtures.PathOf("modules/inert.pth"));

        Assert.HasCount(8, source.Entries);
        Assert.IsTrue(source.Modules!.Root!.Has("note"));
        Assert.IsFalse(File.Exists("interp-was-run"));
    }

    [TestMethod]
    public void Attributes_AsAPlainDict_AreRead()
    {
        byte[] content = PickleWriter.Legacy(w => Module(w, "a.B", p => p.Text("w").Tensor(s => s.Storage("s", 8), 0, [8], [1])
            .Op(Opcode.SETITEM)), ("s", Values));
        using var file = new ScratchFile(content);
        using WeightSource source = WeightFormats.Open(file.Path);

        Assert.AreEqual("w", source.Entries.Single().Name);
        Assert.AreEqual("a.B", source.Modules!.Root!.Class);
    }

    [TestMethod]
    public void Parameter_ThatIsAnObject_IsRefused() => ScratchFile.Refuses(
        PickleWriter.Legacy(w => Module(w, "a.B", p => p.Text("w").Global("torchao.dtypes", "Tensor4Bit").Op(Opcode.EMPTY_TUPLE)
            .Op(Opcode.NEWOBJ).Op(Opcode.SETITEM))),
        "its 'w' is an object of 'torchao.dtypes.Tensor4Bit', expected a tensor");

    [TestMethod]
    public void Module_WhoseStateIsItsOwn_IsRefusedInsideAnother() => ScratchFile.Refuses(
        PickleWriter.Legacy(w => Module(w, "a.B", _ => { }, m => m.Text("conv").Global("a", "Packed").Op(Opcode.EMPTY_TUPLE)
            .Op(Opcode.NEWOBJ).Op(Opcode.EMPTY_TUPLE).Op(Opcode.BUILD).Op(Opcode.SETITEM))),
        "its module 'conv' is an object of 'a.Packed'");

    [TestMethod]
    public void Module_WithoutWeights_IsRefused() => ScratchFile.Refuses(
        PickleWriter.Legacy(w => Module(w, "a.B", _ => { })), "an object of 'a.B' without weights");

    [TestMethod]
    public void Modules_ThirtyThreeDeep_AreRefused() =>
        ScratchFile.Refuses(PickleWriter.Legacy(w => Nested(w, 34)), "more than 32 deep");

    [TestMethod]
    public void Modules_DoublingAtEachStep_TakeABoundedTime()
    {
        // Each module holds the one before it twice: written out, 2^31 modules.
        byte[] content = PickleWriter.Legacy(w =>
        {
            Module(w, "a.B", _ => { });
            for (int i = 0; i < 31; i++)
            {
                w.Op(Opcode.BINPUT, 0).Op(Opcode.POP);
                Module(w, "a.B", _ => { }, m => m.Text("a").Op(Opcode.BINGET, 0).Op(Opcode.SETITEM).Text("b").Op(Opcode.BINGET, 0)
                    .Op(Opcode.SETITEM));
            }
        });
        ScratchFile.Refuses(content, "more names than any checkpoint");
    }

    [TestMethod]
    public void Objects_ThatShareOneLongState_TakeABoundedTime()
    {
        byte[] content = PickleWriter.Legacy(w =>
        {
            w.Op(Opcode.EMPTY_DICT).Op(Opcode.BINPUT, 0);
            for (int i = 0; i < 20_000; i++)
            {
                w.Text("k").Op(Opcode.NONE).Op(Opcode.SETITEM);
            }

            w.Op(Opcode.POP).Op(Opcode.EMPTY_DICT);
            for (int i = 0; i < 20_000; i++)
            {
                w.Text("o").Global("a", "B").Op(Opcode.EMPTY_TUPLE).Op(Opcode.NEWOBJ).Op(Opcode.BINGET, 0).Op(Opcode.BUILD)
                    .Op(Opcode.SETITEM);
            }
        });
        ScratchFile.Refuses(content, "more names than any checkpoint");
    }

    [TestMethod]
    public void ClassesInsideClasses_GrowingAtEachStep_StaySmall()
    {
        byte[] content = PickleWriter.Legacy(w =>
        {
            w.Text(new string('x', 100)).Op(Opcode.BINPUT, 1).Op(Opcode.POP).Global("builtins", "getattr").Op(Opcode.BINPUT, 2)
                .Op(Opcode.POP).Global("a", "B").Op(Opcode.BINPUT, 0);
            for (int i = 0; i < 100_000; i++)
            {
                w.Op(Opcode.POP).Op(Opcode.BINGET, 2).Op(Opcode.BINGET, 0).Op(Opcode.BINGET, 1).Op(Opcode.TUPLE2).Op(Opcode.REDUCE)
                    .Op(Opcode.BINPUT, 0);
            }
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "an object of 'builtins.getattr'");
        Assert.IsLessThan(64L * content.Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool Same(JsonElement expected, SavedModule saved, string name) => expected.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.True or JsonValueKind.False => saved.Flag(name) == expected.GetBoolean(),
        JsonValueKind.Number => saved.Number(name) == expected.GetDouble(),
        JsonValueKind.String => saved.Word(name) == expected.GetString(),
        _ => saved.Numbers(name) is { } numbers && numbers.SequenceEqual(expected.EnumerateArray().Select(e => e.GetDouble())),
    };

    private static void Nested(PickleWriter writer, int depth) => Module(writer, "a.B", _ => { }, m =>
    {
        if (depth > 0)
        {
            m.Text("m");
            Nested(m, depth - 1);
            m.Op(Opcode.SETITEM);
        }
    });

    /// <summary>A module with parts that are plain dicts.</summary>
    private static void Module(PickleWriter writer, string type, Action<PickleWriter> parameters, Action<PickleWriter>? modules = null)
    {
        int dot = type.LastIndexOf('.');
        writer.Global(type[..dot], type[(dot + 1)..]).Op(Opcode.EMPTY_TUPLE).Op(Opcode.NEWOBJ).Op(Opcode.EMPTY_DICT);
        (string Name, Action<PickleWriter>? Fill)[] parts = [("_parameters", parameters), ("_buffers", null), ("_modules", modules)];
        foreach ((string name, Action<PickleWriter>? fill) in parts)
        {
            writer.Text(name).Op(Opcode.EMPTY_DICT);
            fill?.Invoke(writer);
            writer.Op(Opcode.SETITEM);
        }

        writer.Op(Opcode.BUILD);
    }
}
