namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>Reads operands and resolves their names to slots.</summary>
internal sealed class OperandReader(TokenReader tokens, SlotTable slots, IReadOnlyDictionary<string, int> parameters,
    IReadOnlyList<Variable> variables)
{
    internal Operand Read()
    {
        if (tokens.Accept("["))
        {
            int address = ReadSlot();
            long offset = ReadOffset();
            tokens.Expect("]");
            return new Operand(OperandForm.Address, [address], offset);
        }

        if (tokens.Accept("{"))
        {
            List<int> elements = [ReadSlot()];
            while (tokens.Accept(","))
            {
                elements.Add(ReadSlot());
            }

            tokens.Expect("}");
            return new Operand(OperandForm.Vector, [.. elements]);
        }

        if (tokens.Peek.Text is ['$', ..])
        {
            return new Operand(OperandForm.Label, [], 0, tokens.Read().Text);
        }

        int slot = ReadSlot();
        return tokens.Accept("|") ? new Operand(OperandForm.Pair, [slot, ReadSlot()]) : new Operand(OperandForm.Value, [slot]);
    }

    /// <summary>The slot of a register, a number, a parameter or a variable's address.</summary>
    internal int ReadSlot()
    {
        Token token = tokens.Read();
        if (Literal.TryParse(token.Text, out ulong bits))
        {
            return slots.Constant(bits);
        }

        if (slots.TryFind(token.Text, out int slot) || parameters.TryGetValue(token.Text, out slot))
        {
            return slot;
        }

        Variable variable = variables.LastOrDefault(v => v.Name == token.Text)
            ?? throw tokens.Error(token.Line, $"there is no register or variable '{token.Text}'");
        return slots.Constant(variable.Address + (ulong)ReadOffset());
    }

    private long ReadOffset()
    {
        if (!tokens.Accept("+"))
        {
            return 0;
        }

        Token token = tokens.Read();
        return Literal.TryParse(token.Text, out ulong bits) ? (long)bits
            : throw tokens.Error(token.Line, $"expected a number, found '{token.Text}'");
    }
}
