namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>Reads the declaration of a variable in memory, from behind its state space to its semicolon.</summary>
internal static class VariableParser
{
    internal static Variable Read(TokenReader tokens, StateSpace space, ulong address)
    {
        if (tokens.Accept(".align"))
        {
            _ = tokens.ReadCount();
        }

        Token type = tokens.Read();
        if (!PtxType.TryParse(type.Text.TrimStart('.'), out PtxType element))
        {
            throw tokens.Error(type.Line, $"'{type.Text}' is no type of a variable");
        }

        string name = tokens.Read().Text;
        int count = 1;
        while (tokens.Accept("["))
        {
            count *= tokens.ReadCount();
            tokens.Expect("]");
        }

        byte[]? initial = tokens.Accept("=") ? ReadValues(tokens, element, count) : null;
        tokens.Expect(";");
        return new Variable(name, space, address, count * element.Bytes, initial);
    }

    private static byte[] ReadValues(TokenReader tokens, PtxType element, int count)
    {
        byte[] bytes = new byte[count * element.Bytes];
        bool several = tokens.Accept("{");
        for (int i = 0; i < (several ? count : 1); i++)
        {
            Token value = tokens.Read();
            if (!Literal.TryParse(value.Text, out ulong bits))
            {
                throw tokens.Error(value.Line, $"expected a number, found '{value.Text}'");
            }

            BitConverter.GetBytes(bits).AsSpan(0, element.Bytes).CopyTo(bytes.AsSpan(i * element.Bytes));
            if (several && !tokens.Accept(","))
            {
                tokens.Expect("}");
                break;
            }
        }

        return bytes;
    }
}
