using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Interp.Engine.Common;

namespace Interp.Weights.Formats.Pickle;

/// <summary>
/// Reads the data of a Python pickle: numbers, text, tuples, lists, dicts, and what the host makes of names. Of the pickle machine's
/// opcodes only those that <c>torch.save</c> writes at protocols 1 to 5 are known. Nothing is imported, called or made: an object is the
/// name of its class and what the pickle says of its state. Nesting takes no stack; time and memory are proportional to the pickle's
/// length.
/// </summary>
/// <remarks>
/// Values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <c>object?[]</c> for a tuple,
/// <c>List&lt;object?&gt;</c> for a list, <see cref="PickleDict"/>, <see cref="PickleSet"/>, <see cref="Inert"/>,
/// <see cref="InertClass"/>, <see cref="InertObject"/>, and the host's own objects.
/// </remarks>
internal sealed class PickleReader
{
    private static readonly object[] SmallNumbers = [.. Enumerable.Range(0, 256).Select(i => (object)(long)i)];
    private static readonly object True = true;
    private static readonly object False = false;
    private readonly PickleBytes _bytes;
    private readonly IPickleHost _host;
    private readonly PickleStack _stack;
    private readonly Dictionary<uint, object?> _memo = [];

    private PickleReader(PickleBytes bytes, IPickleHost host)
    {
        _bytes = bytes;
        _host = host;
        _stack = new PickleStack(bytes.Error);
    }

    /// <summary>Reads one pickle and leaves the bytes behind it unread.</summary>
    /// <exception cref="ModelException">It is truncated or malformed, or uses an opcode or name that is not allowed.</exception>
    public static object? Read(PickleBytes bytes, IPickleHost host) => new PickleReader(bytes, host).Run();

    private object? Run()
    {
        while (true)
        {
            var opcode = (Opcode)_bytes.Byte();
            if (opcode == Opcode.STOP)
            {
                return _stack.Pop();
            }

            if (!Scalar(opcode) && !Structure(opcode) && !Reference(opcode))
            {
                string name = Enum.IsDefined(opcode) ? opcode.ToString() : "unknown";
                throw _bytes.Error($"uses the pickle opcode {name} (0x{(byte)opcode:x2}), which no weight file needs; nothing was run");
            }
        }
    }

    /// <summary>Opcodes that push a plain value.</summary>
    private bool Scalar(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.NONE:
                _stack.Push(null);
                return true;
            case Opcode.NEWTRUE:
                _stack.Push(True);
                return true;
            case Opcode.NEWFALSE:
                _stack.Push(False);
                return true;
            case Opcode.BININT1:
                _stack.Push(SmallNumbers[_bytes.Byte()]);
                return true;
            case Opcode.BININT2:
                _stack.Push((long)_bytes.Unsigned(2));
                return true;
            case Opcode.BININT:
                _stack.Push((long)(int)_bytes.Unsigned(4));
                return true;
            case Opcode.INT: // Python 2 wrote numbers of more than 32 bits in this way at any protocol.
                _stack.Push(Decimal(_bytes.Line()));
                return true;
            case Opcode.LONG1:
                _stack.Push(_bytes.Integer(_bytes.Byte()) ?? (object)Inert.HugeInteger);
                return true;
            case Opcode.LONG4:
                _stack.Push(_bytes.Integer(_bytes.Unsigned(4)) ?? (object)Inert.HugeInteger);
                return true;
            case Opcode.BINFLOAT:
                _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(_bytes.Bytes(8)));
                return true;
            case Opcode.SHORT_BINUNICODE:
                _stack.Push(_bytes.Text(_bytes.Byte()));
                return true;
            case Opcode.BINUNICODE:
                _stack.Push(_bytes.Text(_bytes.Unsigned(4)));
                return true;
            case Opcode.BINUNICODE8:
                _stack.Push(_bytes.Text(_bytes.Unsigned(8)));
                return true;
            case Opcode.SHORT_BINSTRING: // Python 2's str: names are written so.
                _stack.Push(Encoding.Latin1.GetString(_bytes.Bytes(_bytes.Byte())));
                return true;
            case Opcode.BINSTRING:
                _stack.Push(Encoding.Latin1.GetString(_bytes.Bytes(_bytes.Unsigned(4))));
                return true;
            case Opcode.SHORT_BINBYTES:
                return Bytes(_bytes.Byte());
            case Opcode.BINBYTES:
                return Bytes(_bytes.Unsigned(4));
            case Opcode.BINBYTES8:
                return Bytes(_bytes.Unsigned(8));
            default:
                return false;
        }
    }

    /// <summary>Opcodes that make and fill tuples, lists and dicts.</summary>
    private bool Structure(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.MARK:
                _stack.Mark();
                return true;
            case Opcode.POP:
                _stack.Discard();
                return true;
            case Opcode.POP_MARK:
                _stack.PopToMark();
                return true;
            case Opcode.DUP:
                _stack.Push(_stack.Peek());
                return true;
            case Opcode.EMPTY_TUPLE:
                _stack.Push(Array.Empty<object?>());
                return true;
            case Opcode.TUPLE1:
            case Opcode.TUPLE2:
            case Opcode.TUPLE3:
                _stack.Push(_stack.Pop(opcode - Opcode.TUPLE1 + 1));
                return true;
            case Opcode.TUPLE:
                _stack.Push(_stack.PopToMark());
                return true;
            case Opcode.EMPTY_LIST:
                _stack.Push(new List<object?>());
                return true;
            case Opcode.APPEND:
                Append(_stack.Pop(1));
                return true;
            case Opcode.APPENDS:
                Append(_stack.PopToMark());
                return true;
            case Opcode.EMPTY_DICT:
                _stack.Push(new PickleDict(ordered: false));
                return true;
            case Opcode.SETITEM:
                SetItems(_stack.Pop(2));
                return true;
            case Opcode.SETITEMS:
                SetItems(_stack.PopToMark());
                return true;
            case Opcode.EMPTY_SET:
                _stack.Push(new PickleSet());
                return true;
            case Opcode.ADDITEMS:
                Append(_stack.PopToMark());
                return true;
            case Opcode.FROZENSET:
                _stack.Push(new PickleSet([.. _stack.PopToMark()]));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Opcodes that refer to something: the memo, names outside the pickle, the file's storages.</summary>
    private bool Reference(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.PROTO:
                byte version = _bytes.Byte();
                return version <= 5 ? true : throw _bytes.Error($"is a pickle of protocol {version}, expected at most 5");
            case Opcode.FRAME:
                _bytes.Unsigned(8);
                return true;
            case Opcode.BINPUT:
                _memo[_bytes.Byte()] = _stack.Peek();
                return true;
            case Opcode.LONG_BINPUT:
                _memo[(uint)_bytes.Unsigned(4)] = _stack.Peek();
                return true;
            case Opcode.MEMOIZE:
                _memo[(uint)_memo.Count] = _stack.Peek();
                return true;
            case Opcode.BINGET:
                return Recall(_bytes.Byte());
            case Opcode.LONG_BINGET:
                return Recall((uint)_bytes.Unsigned(4));
            case Opcode.GLOBAL:
                _stack.Push(_host.Global(_bytes.Line(), _bytes.Line()));
                return true;
            case Opcode.STACK_GLOBAL:
                object?[] names = _stack.Pop(2);
                _stack.Push(names is [string module, string name]
                    ? _host.Global(module, name)
                    : throw _bytes.Error("refers to something whose name is not text"));
                return true;
            case Opcode.REDUCE:
                object?[] arguments = _stack.Pop() as object?[] ?? throw _bytes.Error("calls something without a tuple of arguments");
                _stack.Push(_host.Apply(_stack.Pop(), arguments));
                return true;
            case Opcode.BINPERSID:
                _stack.Push(_host.Persistent(_stack.Pop()));
                return true;
            case Opcode.NEWOBJ:
                return Construct(_stack.Pop(2)[0]);
            case Opcode.NEWOBJ_EX:
                return Construct(_stack.Pop(3)[0]);
            case Opcode.BUILD:
                return Build(_stack.Pop());
            default:
                return false;
        }
    }

    private object Decimal(string digits) => digits switch
    {
        "00" => False,
        "01" => True,
        _ when long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) => value,
        _ => throw _bytes.Error($"holds the integer {WeightFile.Quote(digits)}, which is not one of 64 bits"),
    };

    private bool Bytes(ulong length)
    {
        _bytes.Skip(length);
        _stack.Push(Inert.Bytes);
        return true;
    }

    /// <summary>An object of a class that is a name only; the classes that mean something are made otherwise.</summary>
    private bool Construct(object? type)
    {
        _stack.Push(type switch
        {
            InertClass named => new InertObject(named.Name),
            InertObject made => new InertObject(made.Type), // A class that a function would have made.
            _ => throw _bytes.Error("makes an object of something that is no class of this kind (opcode NEWOBJ); nothing was run"),
        });
        return true;
    }

    /// <summary>Keeps the state of an object as data. An OrderedDict's is the state dict's version numbers.</summary>
    private bool Build(object? state)
    {
        switch (_stack.Peek())
        {
            case InertObject named:
                named.State = state;
                return true;
            case PickleDict { IsOrdered: true }:
                return true;
            default:
                throw _bytes.Error("sets attributes of something other than an object or OrderedDict (opcode BUILD); nothing was run");
        }
    }

    private bool Recall(uint index)
    {
        _stack.Push(_memo.TryGetValue(index, out object? value) ? value : throw _bytes.Error($"refers to object {index}, which it lacks"));
        return true;
    }

    private void Append(object?[] items)
    {
        switch (_stack.Peek())
        {
            case List<object?> list:
                list.AddRange(items);
                break;
            case PickleSet set:
                set.Add(items);
                break;
            case InertObject: // A list of a class of its own: no weights are in one.
                break;
            default:
                throw _bytes.Error("appends to something that is not a list");
        }
    }

    private void SetItems(object?[] items)
    {
        if (_stack.Peek() is InertObject)
        {
            return;
        }

        if (_stack.Peek() is not PickleDict dict || items.Length % 2 != 0)
        {
            throw _bytes.Error("sets items of something that is not a dict, or a key without a value");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dict.Set(items[i], items[i + 1]);
        }
    }
}
