using Interp.Tests.Cuda.Ptx.Instructions;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>Reads an entry, from behind <c>.entry</c> to the brace that closes it.</summary>
internal sealed class KernelParser(TokenReader tokens, string file, IReadOnlyList<Variable> globals, IReadOnlyList<Variable> shared)
{
    private readonly SlotTable _slots = new();
    private readonly List<(int Slot, int Bytes)> _parameters = [];
    private readonly Dictionary<string, int> _parameterSlots = [];
    private readonly List<Variable> _variables = [.. shared];
    private readonly List<Instruction> _instructions = [];
    private readonly Dictionary<string, int> _labels = [];
    private int _sourceLine;

    internal PtxKernel Read()
    {
        string name = tokens.Read().Text;
        if (tokens.Accept("("))
        {
            while (!tokens.Accept(")"))
            {
                ReadParameter();
            }
        }

        int mostThreads = 1024;
        while (tokens.Peek.Text != "{")
        {
            Token directive = tokens.Read();
            mostThreads = directive.Text == ".maxntid" ? tokens.ReadCount() : mostThreads;
            tokens.SkipLine(directive.Line);
        }

        ReadBody();
        foreach (BranchInstruction branch in _instructions.OfType<BranchInstruction>())
        {
            branch.Target = _labels.TryGetValue(branch.Label, out int target)
                ? target
                : throw new PtxFault(FaultKind.Syntax, $"{branch.Place}: there is no label '{branch.Label}'");
        }

        return new PtxKernel(name, _parameters, _slots, _variables, [.. _instructions], mostThreads);
    }

    private void ReadParameter()
    {
        tokens.Expect(".param");
        Token type = tokens.Read();
        if (!PtxType.TryParse(type.Text.TrimStart('.'), out PtxType parsed))
        {
            throw tokens.Error(type.Line, $"'{type.Text}' is no type of a parameter");
        }

        string name = tokens.Read().Text;
        int slot = _slots.DeclareParameter(name);
        _parameters.Add((slot, parsed.Bytes));
        _parameterSlots[name] = slot;
        _ = tokens.Accept(",");
    }

    private void ReadBody()
    {
        int depth = 0;
        do
        {
            Token token = tokens.Read();
            switch (token.Text)
            {
                case "{":
                    depth++;
                    _slots.Open();
                    break;
                case "}":
                    depth--;
                    _slots.Close();
                    break;
                case ".reg":
                    ReadRegisters();
                    break;
                case ".shared":
                    _variables.Add(VariableParser.Read(tokens, StateSpace.Shared, AddressMap.Shared(_variables.Count)));
                    break;
                case ".local":
                    _variables.Add(VariableParser.Read(tokens, StateSpace.Local, AddressMap.Local(_variables.Count)));
                    break;
                case ".loc":
                    _ = tokens.ReadCount();
                    _sourceLine = tokens.ReadCount();
                    tokens.SkipLine(token.Line);
                    break;
                case ".pragma":
                    tokens.SkipPast(";");
                    break;
                default:
                    ReadStatement(token);
                    break;
            }
        }
        while (depth > 0);
    }

    private void ReadRegisters()
    {
        Token type = tokens.Read();
        if (!PtxType.TryParse(type.Text.TrimStart('.'), out _))
        {
            throw tokens.Error(type.Line, $"'{type.Text}' is no type of a register");
        }

        do
        {
            string name = tokens.Read().Text;
            if (tokens.Accept("<"))
            {
                int count = tokens.ReadCount();
                tokens.Expect(">");
                for (int i = 0; i < count; i++)
                {
                    _slots.Declare($"{name}{i}");
                }
            }
            else
            {
                _slots.Declare(name);
            }
        }
        while (tokens.Accept(","));
        tokens.Expect(";");
    }

    private void ReadStatement(Token token)
    {
        if (tokens.Accept(":"))
        {
            _labels[token.Text] = _instructions.Count;
            return;
        }

        var operands = new OperandReader(tokens, _slots, _parameterSlots, [.. globals, .. _variables]);
        Guard guard = Guard.None;
        if (token.Text == "@")
        {
            bool negated = tokens.Accept("!");
            guard = new Guard(operands.ReadSlot(), negated);
            token = tokens.Read();
        }

        List<Operand> read = [];
        while (!tokens.Accept(";"))
        {
            read.Add(operands.Read());
            _ = tokens.Accept(",");
        }

        Instruction? instruction = null;
        try
        {
            instruction = Decoder.Decode(new Opcode(token.Text), read, _slots);
        }
        catch (Exception problem) when (problem is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw tokens.Error(token.Line, $"'{token.Text}' with {read.Count} operands is not supported");
        }

        if (instruction is null)
        {
            throw tokens.Error(token.Line, $"instruction '{token.Text}' is not supported");
        }

        (instruction.Place, instruction.Guard) = (new PlaceInText(file, token.Line, _sourceLine), guard);
        _instructions.Add(instruction);
    }
}
