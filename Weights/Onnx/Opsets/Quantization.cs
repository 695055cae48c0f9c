namespace Interp.Weights.Onnx.Opsets;

/// <summary>Refuses networks that compute in whole numbers; parameters that are stored so are allowed.</summary>
internal static class Quantization
{
    /// <summary>What a user can do.</summary>
    internal const string NextStep = "the network is quantised; bring the float model that it was made of";

    /// <summary>Whether an operator is one of quantised networks only.</summary>
    internal static bool IsQuantized(string name) =>
        name[(name.LastIndexOf('.') + 1)..] is "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear" or "ConvInteger"
            or "MatMulInteger" or "QAttention" or "QGemm" or ['Q', 'L', 'i', 'n', 'e', 'a', 'r', ..];

    /// <summary>Quantising and its reverse are allowed of constants only.</summary>
    /// <param name="nodes">The operators in order.</param>
    /// <param name="isConstant">Whether a value is a parameter.</param>
    /// <exception cref="Engine.Common.ModelException">A value that depends on the input is quantised.</exception>
    internal static void Refuse(IReadOnlyList<NodeDraft> nodes, Func<string, bool> isConstant)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeDraft node in nodes)
        {
            if (node.Captures.Count == 0 && node.Inputs.All(i => i.Length == 0 || isConstant(i) || known.Contains(i)))
            {
                known.UnionWith(node.Outputs);
            }
            else if (IsQuantized(node.Operator))
            {
                throw node.Error(NextStep);
            }
        }
    }
}
