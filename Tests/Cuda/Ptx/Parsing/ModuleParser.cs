using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>Reads a module: directives, variables, kernels.</summary>
internal sealed class ModuleParser(TokenReader tokens, string file)
{
    private readonly List<PtxKernel> _kernels = [];
    private readonly List<Variable> _variables = [];
    private readonly List<Variable> _shared = [];

    internal PtxModule Read()
    {
        while (!tokens.AtEnd)
        {
            Token directive = tokens.Read();
            switch (directive.Text)
            {
                case ".version" or ".target" or ".address_size" or ".file" or ".loc":
                    tokens.SkipLine(directive.Line);
                    break;
                case ".visible" or ".weak":
                    break;
                case ".section":
                    tokens.SkipPast("}");
                    break;
                case ".global":
                    _variables.Add(VariableParser.Read(tokens, StateSpace.Global, AddressMap.Global(_variables.Count)));
                    break;
                case ".const":
                    _variables.Add(VariableParser.Read(tokens, StateSpace.Const, AddressMap.Global(_variables.Count)));
                    break;
                case ".shared":
                    _shared.Add(VariableParser.Read(tokens, StateSpace.Shared, AddressMap.Shared(_shared.Count)));
                    break;
                case ".entry":
                    _kernels.Add(new KernelParser(tokens, file, _variables, _shared).Read());
                    break;
                default:
                    throw tokens.Error(directive.Line, $"'{directive.Text}' is not supported in a module");
            }
        }

        return new PtxModule(_kernels, _variables);
    }
}
