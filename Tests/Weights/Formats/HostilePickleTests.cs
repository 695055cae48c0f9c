using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Pickle;

namespace Interp.Tests.Weights.Formats;

/// <summary>Pickles that would run code, or exhaust time or memory, in other readers.</summary>
[TestClass]
public class HostilePickleTests
{
    [TestMethod]
    [DataRow("os", "system")]
    [DataRow("posix", "system")]
    [DataRow("builtins", "eval")]
    [DataRow("__builtin__", "exec")]
    [DataRow("torch", "load")]
    [DataRow("torch._utils", "_import_dotted_name")]
    [DataRow("numpy", "load")]
    [DataRow("numpy.testing._private.utils", "runstring")]
    [DataRow("subprocess", "Popen")]
    [DataRow("torch.hub", "load")]
    [DataRow("os.path", "join")]
    public void Global_ThatRunsSomethingInPython_IsNamed(string module, string name)
    {
        string said = $"holds a reference to '{module}.{name}', which is not among the names that a weight file may use; nothing was run";
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Global(module, name).Text("touch x").Op(Opcode.TUPLE1).Op(Opcode.REDUCE)), said);
        ScratchFile.Refuses(
            PickleWriter.Legacy(w => w.Text(module).Text(name).Op(Opcode.STACK_GLOBAL).Text("touch x").Op(Opcode.TUPLE1).Op(Opcode.REDUCE)),
            said);
    }

    [TestMethod]
    [DataRow("torchvision.models.vgg", "VGG")]
    [DataRow("functools", "partial")]
    [DataRow("argparse2", "Namespace")]
    [DataRow("builtins", "getattr")]
    [DataRow("osmium", "system")]
    [DataRow("__main__", "os.system")]
    public void Global_OfAnyOtherName_IsDataWhateverIsDoneWithIt(string module, string name)
    {
        Opcode[] calls = [Opcode.REDUCE, Opcode.NEWOBJ];
        foreach (Opcode call in calls)
        {
            ScratchFile.Refuses(
                PickleWriter.Legacy(w => w.Global(module, name).Text("touch x").Op(Opcode.TUPLE1).Op(call)),
                $"holds an object of '{module}.{name}', expected a state dict");
        }

        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Global(module, name)), $"holds a reference to '{module}.{name}', expected");
    }

    [TestMethod]
    public void Global_WithControlCharactersAndGreatLength_IsShownInOneShortLine() =>
        ScratchFile.Refuses(
            PickleWriter.Legacy(w => w.Text("os.a\r\n\u001b[31m\u202e" + new string('x', 5000)).Text("b").Op(Opcode.STACK_GLOBAL)),
            "'os.a???[31m?xxx", "of 5014 letters");

    [TestMethod]
    public void Globals_InGreatNumber_AreBounded()
    {
        byte[] content = PickleWriter.Legacy(w =>
        {
            w.Text(new string('m', 200)).Op(Opcode.BINPUT, 0).Op(Opcode.POP);
            for (int i = 0; i < 100_000; i++)
            {
                w.Op(Opcode.BINGET, 0).Text($"{i}").Op(Opcode.STACK_GLOBAL);
            }
        });
        ScratchFile.Refuses(content, "names more classes than any model");
    }

    [TestMethod]
    [DataRow(nameof(Opcode.INST))]
    [DataRow(nameof(Opcode.OBJ))]
    [DataRow(nameof(Opcode.EXT1))]
    [DataRow(nameof(Opcode.PERSID))]
    [DataRow(nameof(Opcode.STRING))]
    [DataRow(nameof(Opcode.NEXT_BUFFER))]
    public void Opcode_OutsideTheList_IsNamed(string name)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(opcode)), $"pickle opcode {name} (0x{(byte)opcode:x2})", "nothing was run");
    }

    [TestMethod]
    public void Opcode_ThatDoesNotExist_IsShown() => ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op((Opcode)0xFE)), "unknown (0xfe)");

    [TestMethod]
    public void Build_OnSomethingElseThanAnObject_IsRefused() =>
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Global("torch", "Tensor").Op(Opcode.EMPTY_DICT).Op(Opcode.BUILD)), "BUILD");

    [TestMethod]
    [DataRow(nameof(Opcode.NEWOBJ))]
    [DataRow(nameof(Opcode.NEWOBJ_EX))]
    public void Object_OfSomethingThatIsNoSuchClass_IsRefused(string name)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        ScratchFile.Refuses(
            PickleWriter.Legacy(w => w.Global("torch", "FloatStorage").Op(Opcode.EMPTY_TUPLE).Op(Opcode.EMPTY_DICT).Op(opcode)),
                "nothing was run");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Global("os", "system").Op(Opcode.EMPTY_TUPLE).Op(opcode)), "'os.system'",
            "nothing was run");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(opcode)), "stack");
    }

    [TestMethod]
    public void Object_AsTheWholeFile_IsNamed() => ScratchFile.Refuses(
        PickleWriter.Legacy(w => w.Global("argparse", "Namespace").Op(Opcode.EMPTY_TUPLE).Op(Opcode.NEWOBJ).Op(Opcode.EMPTY_DICT)
            .Op(Opcode.BUILD)),
        "an object of 'argparse.Namespace'",
        "save model.state_dict()");

    [TestMethod]
    public void Object_InThePlaceOfATensor_IsNoTensor() => ScratchFile.Refuses(
        PickleWriter.Legacy(w => w.DictOf(d => d.Global("numpy.core.multiarray", "scalar").Op(Opcode.EMPTY_TUPLE).Op(Opcode.REDUCE))),
        "without tensors (keys: 'w')",
        "NumPy");

    [TestMethod]
    public void Objects_InGreatNumber_TakeNoMemory()
    {
        byte[] content = PickleWriter.Legacy(w =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                w.Global("torch.optim", "x").Op(Opcode.EMPTY_TUPLE).Op(Opcode.NEWOBJ).Op(Opcode.EMPTY_DICT).Op(Opcode.BUILD).Op(Opcode.POP);
            }

            w.Op(Opcode.NONE);
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "no dict");

        // Strings of the names, and the empty dicts: garbage at once, in proportion to the file.
        Assert.IsLessThan(64L * content.Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Name_BeforeManyTensors_IsBounded()
    {
        byte[] content = PickleWriter.Legacy(w =>
        {
            w.Op(Opcode.EMPTY_DICT).Text(new string('x', 1_000_000)).Op(Opcode.EMPTY_DICT);
            w.Tensor(s => s.Storage("s", 1), 0, [1], [1]).Op(Opcode.BINPUT, 0).Op(Opcode.POP);
            for (int i = 0; i < 100; i++)
            {
                w.Text($"t{i}").Op(Opcode.BINGET, 0).Op(Opcode.SETITEM);
            }

            w.Op(Opcode.SETITEM);
        }, ("s", [1f]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "more names than any checkpoint");
        Assert.IsLessThan(100L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Dicts_ThatShareOneLongList_AreWalkedForABoundedTime()
    {
        byte[] content = PickleWriter.Legacy(w =>
        {
            w.Op(Opcode.EMPTY_LIST).Op(Opcode.BINPUT, 0).Op(Opcode.MARK);
            w.Text("k").Op(Opcode.NONE).Op(Opcode.TUPLE2).Op(Opcode.BINPUT, 1);
            for (int i = 0; i < 5000; i++)
            {
                w.Op(Opcode.BINGET, 1);
            }

            w.Op(Opcode.APPENDS).Op(Opcode.POP).Op(Opcode.EMPTY_DICT);
            for (int i = 0; i < 5000; i++)
            {
                w.Text($"{i}").Global("collections", "OrderedDict").Op(Opcode.BINGET, 0).Op(Opcode.TUPLE1).Op(Opcode.REDUCE)
                    .Op(Opcode.SETITEM);
            }
        });
        ScratchFile.Refuses(content, "more names than any checkpoint");
    }

    [TestMethod]
    public void Reduce_OfAClassThatIsOnlyAName_IsRefused() =>
        ScratchFile.Refuses(
            PickleWriter.Legacy(w => w.Global("torch", "FloatStorage").Int(9).Op(Opcode.TUPLE1).Op(Opcode.REDUCE)),
            "nothing was run");

    [TestMethod]
    [DataRow(nameof(Opcode.BINUNICODE8))]
    [DataRow(nameof(Opcode.BINBYTES8))]
    [DataRow(nameof(Opcode.LONG4))]
    [DataRow(nameof(Opcode.BINUNICODE))]
    [DataRow(nameof(Opcode.BINSTRING))]
    [DataRow(nameof(Opcode.BINBYTES))]
    public void Length_BeyondTheFile_IsRefusedWithoutAllocation(string name)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        byte[] length = Enumerable.Repeat((byte)0xFF, opcode is Opcode.BINUNICODE8 or Opcode.BINBYTES8 ? 8 : 4).ToArray();
        byte[] content = PickleWriter.Legacy(w => w.Op(opcode, length));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "ends early");
        Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Nesting_AMillionDeep_NeedsNoStack() => ScratchFile.Refuses(
        PickleWriter.Legacy(w =>
        {
            w.Op(Opcode.EMPTY_TUPLE);
            for (int i = 0; i < 1_000_000; i++)
            {
                w.Op(Opcode.TUPLE1);
            }
        }),
        "holds a tuple, expected a state dict");

    [TestMethod]
    public void Memo_DoublingAtEachStep_StaysSmall()
    {
        // Each tuple holds the one before twice: written out, 2^2000 elements.
        byte[] content = PickleWriter.Legacy(w =>
        {
            w.Op(Opcode.EMPTY_TUPLE);
            for (int i = 0; i < 2000; i++)
            {
                w.Op(Opcode.DUP).Op(Opcode.TUPLE2).Op(Opcode.BINPUT, 0).Op(Opcode.POP).Op(Opcode.BINGET, 0);
            }
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "holds a tuple");
        Assert.IsLessThan(2L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void OrderedDicts_ManyOfOneLongList_ShareIt()
    {
        byte[] content = PickleWriter.Legacy(w =>
        {
            w.Op(Opcode.EMPTY_LIST).Op(Opcode.BINPUT, 0).Op(Opcode.MARK);
            for (int i = 0; i < 50_000; i++)
            {
                w.Op(Opcode.NONE);
            }

            w.Op(Opcode.APPENDS);
            for (int i = 0; i < 10_000; i++)
            {
                w.Global("collections", "OrderedDict").Op(Opcode.BINGET, 0).Op(Opcode.TUPLE1).Op(Opcode.REDUCE).Op(Opcode.POP);
            }
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "holds a list");
        Assert.IsLessThan(64L * content.Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Dict_ThatContainsItself_IsRefused() => ScratchFile.Refuses(
        PickleWriter.Legacy(w => w.Op(Opcode.EMPTY_DICT).Op(Opcode.BINPUT, 0).Text("state_dict").Op(Opcode.BINGET, 0).Op(Opcode.SETITEM)),
        "a dict without tensors");

    [TestMethod]
    [DataRow(nameof(Opcode.EMPTY_DICT))]
    [DataRow(nameof(Opcode.EMPTY_LIST))]
    [DataRow(nameof(Opcode.EMPTY_SET))]
    public void Pickle_OfManyMegabytes_IsRefused(string name)
    {
        var content = new byte[12 << 20];
        byte[] start = PickleWriter.Legacy(w => w.Op(Opcode.NONE));
        start.CopyTo(content, 0);
        int objectPickle = start.Length - 8; // NONE and STOP, then the six bytes of the empty list of keys.
        content.AsSpan(objectPickle).Fill((byte)Enum.Parse<Opcode>(name));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ScratchFile.Refuses(content, "longer than 8 MiB");
        Assert.IsLessThan(64L * content.Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Stack_Underflow_IsRefused()
    {
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(Opcode.TUPLE3)), "stack");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(Opcode.NONE).Op(Opcode.MARK).Op(Opcode.POP).Op(Opcode.POP)), "stack");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(Opcode.NONE).Op(Opcode.MARK).Op(Opcode.TUPLE1)), "stack");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(Opcode.SETITEMS)), "group");
        ScratchFile.Refuses(PickleWriter.Legacy(w => w.Op(Opcode.BINGET, 7)), "object 7");
    }
}
