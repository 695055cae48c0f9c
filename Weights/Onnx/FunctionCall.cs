using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Onnx.Messages;

namespace Interp.Weights.Onnx;

/// <summary>A call of a function that the file defines, whose nodes take the call's place.</summary>
internal sealed class FunctionCall
{
    /// <summary>Calls may lie in each other 32 deep.</summary>
    private const int MaxDepth = 32;

    private readonly FunctionCall? _caller;
    private readonly FunctionProto _function;
    private readonly int _depth;
    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);

    /// <summary>Takes the attributes that the call gives.</summary>
    /// <param name="function">The function.</param>
    /// <param name="node">The node that calls it.</param>
    /// <param name="caller">The call whose node this is; null outside of functions.</param>
    /// <param name="module">The module that the call belongs to.</param>
    /// <exception cref="ModelException">The function calls itself, or calls are too deep.</exception>
    internal FunctionCall(FunctionProto function, NodeProto node, FunctionCall? caller, string? module)
    {
        _function = function;
        _caller = caller;
        _depth = caller is null ? 1 : caller._depth + 1;
        Module = module;
        for (FunctionCall? call = caller; call is not null; call = call._caller)
        {
            if (call._function == function)
            {
                throw new ModelException($"function {WeightFile.Quote(function.Name)} calls itself, which is not allowed");
            }
        }

        if (_depth > MaxDepth)
        {
            throw new ModelException($"function {WeightFile.Quote(function.Name)} is called {_depth} deep, expected at most {MaxDepth}");
        }

        foreach (AttributeProto attribute in node.Attributes)
        {
            if (Resolve(attribute, caller) is { } value)
            {
                _attributes[attribute.Name] = value;
            }
        }

        foreach (AttributeProto attribute in function.Defaults)
        {
            _attributes.TryAdd(attribute.Name, attribute);
        }

        Opsets = ModelContext.OpsetsOf(function.Opsets);
    }

    /// <summary>The module that the call belongs to.</summary>
    internal string? Module { get; }

    /// <summary>The function's own opsets.</summary>
    internal IReadOnlyDictionary<string, long> Opsets { get; }

    /// <summary>The attribute that counts: itself, or the one of the call that it names; null if the call has none of that name.</summary>
    /// <exception cref="ModelException">It names one outside of functions, or one that is a graph.</exception>
    internal static AttributeProto? Resolve(AttributeProto attribute, FunctionCall? call)
    {
        if (attribute.Reference.Length == 0)
        {
            return attribute;
        }

        if (call is null)
        {
            throw new ModelException($"attribute '{Text.OneLine(attribute.Name)}' names an attribute of a function, but is in none");
        }

        AttributeProto? value = call._attributes.GetValueOrDefault(attribute.Reference);
        return value?.Graph is null ? value
            : throw new ModelException($"attribute '{Text.OneLine(attribute.Name)}' is a graph given to a function, which is not"
                + " supported");
    }
}
