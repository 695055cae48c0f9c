using Interp.Weights.Lowering.Operators;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering;

/// <summary>What lowers each operator that is neither elementwise nor a movement.</summary>
internal static class OperatorHandlers
{
    private const string Attention = "networks with attention are not supported yet";

    private static readonly Dictionary<string, Func<OperatorCall, GraphValue>> Table = new(StringComparer.Ordinal)
    {
        ["Conv"] = ConvolutionOperators.Conv,
        ["Gemm"] = LinearOperators.Gemm,
        ["MatMul"] = LinearOperators.MatMul,
        ["MaxPool"] = PoolOperators.MaxPool,
        ["AveragePool"] = PoolOperators.AveragePool,
        ["GlobalAveragePool"] = PoolOperators.GlobalAveragePool,
        ["GlobalMaxPool"] = PoolOperators.GlobalMaxPool,
        ["AdaptiveAveragePool"] = PoolOperators.AdaptiveAveragePool,
        ["ReduceSum"] = PoolOperators.ReduceSum,
        ["ReduceMax"] = PoolOperators.ReduceMax,
        ["ReduceMean"] = PoolOperators.ReduceMean,
        ["PRelu"] = NormOperators.PRelu,
        ["BatchNormalization"] = NormOperators.BatchNorm,
        ["LayerNormalization"] = NormOperators.LayerNorm,
        ["InstanceNormalization"] = GroupNormOperators.InstanceNorm,
        ["GroupNormalization"] = GroupNormOperators.GroupNorm,
        ["Softmax"] = OutputOperators.Softmax,
        ["LogSoftmax"] = OutputOperators.Softmax,
        ["Identity"] = OutputOperators.Identity,
        ["Dropout"] = OutputOperators.Dropout,
        ["Cast"] = OutputOperators.Cast,
        ["CastLike"] = OutputOperators.Cast,
        ["If"] = OutputOperators.If,
    };

    private static readonly Dictionary<string, string> Advices = new(StringComparer.Ordinal)
    {
        ["ArgMax"] = "its result is the number of a class, which has no gradient: export the network without it",
        ["TopK"] = "its result is the numbers of classes, which have no gradient: export the network without it",
        ["QuantizeLinear"] = "the network is quantised: bring the float model that it was made of",
        ["DequantizeLinear"] = "the network is quantised: bring the float model that it was made of",
        ["DynamicQuantizeLinear"] = "the network is quantised: bring the float model that it was made of",
        ["QLinearConv"] = "the network is quantised: bring the float model that it was made of",
        ["ConvInteger"] = "the network is quantised: bring the float model that it was made of",
        ["MatMulInteger"] = "the network is quantised: bring the float model that it was made of",
        ["Attention"] = Attention,
        ["Einsum"] = Attention,
        ["RandomNormal"] = "the network draws numbers: export it in evaluation mode",
        ["RandomUniform"] = "the network draws numbers: export it in evaluation mode",
        ["Loop"] = "only networks without loops can be read",
        ["Scan"] = "only networks without loops can be read",
    };

    /// <summary>What lowers an operator, or null.</summary>
    internal static Func<OperatorCall, GraphValue>? Find(string op) => Table.GetValueOrDefault(op);

    /// <summary>What to do about an operator that cannot be lowered.</summary>
    internal static string Advice(string op) => Advices.TryGetValue(op, out string? advice) ? advice
        : op.StartsWith("com.microsoft.", StringComparison.Ordinal)
            ? "it is ONNX Runtime's own: bring the file as it was exported, before a runtime optimised it"
        : "export the network without it, or choose an output that does not need it (option 'output')";
}
