namespace Interp.Weights.TorchExport;

/// <summary>Whether what an operator makes lies in the memory of its first argument, so that a change of one changes the other.</summary>
internal enum Sharing
{
    /// <summary>It is a tensor of its own.</summary>
    None,

    /// <summary>It is, or may be, another view of the same memory.</summary>
    View,

    /// <summary>It is the same tensor.</summary>
    Same,
}

/// <summary>An operator of PyTorch and how it is said in ONNX's words.</summary>
/// <param name="Signature">Its arguments.</param>
/// <param name="Write">Writes the operators of ONNX that do the same.</param>
/// <param name="Sharing">Whether its result shares memory with its first argument.</param>
internal sealed record AtenOperator(AtenSignature Signature, Action<AtenCall> Write, Sharing Sharing)
{
    /// <summary>Every operator that is understood; a new one is one line in one of these tables.</summary>
    private static readonly Dictionary<string, AtenOperator> All = new[]
    {
        AtenLayers.Table, AtenActivations.Table, AtenArithmetic.Table, AtenShapes.Table, AtenSizes.Table,
    }.SelectMany(t => t).ToDictionary(o => o.Signature.Name, StringComparer.Ordinal);

    /// <summary>All operators' signatures' names.</summary>
    internal static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>
    /// The operator of that name (<c>conv2d.default</c>); of <c>relu_.default</c>, which changes its first argument in place, that of
    /// <c>relu.default</c>. Null where there is none.
    /// </summary>
    internal static AtenOperator? Find(string name, out bool isInPlace)
    {
        isInPlace = false;
        if (All.TryGetValue(name, out AtenOperator? found))
        {
            return found;
        }

        int dot = name.IndexOf('.', StringComparison.Ordinal);
        isInPlace = dot > 1 && name[dot - 1] == '_';
        return isInPlace ? All.GetValueOrDefault(name.Remove(dot - 1, 1)) : null;
    }

    /// <summary>One line of a table.</summary>
    internal static AtenOperator Of(string signature, Action<AtenCall> write, Sharing sharing = Sharing.None) =>
        new(new AtenSignature(signature), write, sharing);
}
