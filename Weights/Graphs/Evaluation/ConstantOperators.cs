using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>The operators that are evaluated on constants, beside movements; a new one is one line here.</summary>
internal static class ConstantOperators
{
    private static readonly Dictionary<string, Func<ConstantArguments, GraphTensor[]>> Table = new(StringComparer.Ordinal)
    {
        // Made of nothing, or of a shape.
        ["Constant"] = SourceOperators.Constant,
        ["ConstantOfShape"] = SourceOperators.ConstantOfShape,
        ["Range"] = SourceOperators.Range,
        ["EyeLike"] = SourceOperators.EyeLike,
        ["Shape"] = SourceOperators.Shape,
        ["Size"] = SourceOperators.Size,

        // Nothing happens to it.
        ["Dropout"] = MovedOperators.Dropout,

        // Element by element.
        ["Abs"] = ElementOperators.Scalar,
        ["Neg"] = ElementOperators.Scalar,
        ["Sign"] = ElementOperators.Scalar,
        ["Reciprocal"] = ElementOperators.Scalar,
        ["Sqrt"] = ElementOperators.Scalar,
        ["Exp"] = ElementOperators.Scalar,
        ["Log"] = ElementOperators.Scalar,
        ["Sin"] = x => ElementOperators.Unary(x, Math.Sin),
        ["Cos"] = x => ElementOperators.Unary(x, Math.Cos),
        ["Tanh"] = ElementOperators.Scalar,
        ["Erf"] = ElementOperators.Scalar,
        ["Sigmoid"] = ElementOperators.Scalar,
        ["Softplus"] = ElementOperators.Scalar,
        ["Relu"] = ElementOperators.Scalar,
        ["LeakyRelu"] = ElementOperators.Scalar,
        ["Clip"] = ElementOperators.Clip,
        ["Floor"] = x => ElementOperators.Whole(x, Math.Floor),
        ["Ceil"] = x => ElementOperators.Whole(x, Math.Ceiling),
        ["Round"] = x => ElementOperators.Whole(x, v => Math.Round(v, MidpointRounding.ToEven)),
        ["Not"] = x => ElementOperators.Unary(x, v => v == 0 ? 1 : 0),
        ["IsNaN"] = x => ElementOperators.Test(x, double.IsNaN),
        ["IsInf"] = ElementOperators.IsInf,
        ["Add"] = ElementOperators.Scalar,
        ["Sub"] = ElementOperators.Scalar,
        ["Mul"] = ElementOperators.Scalar,
        ["Div"] = ElementOperators.Div,
        ["Mod"] = ElementOperators.Mod,
        ["Pow"] = ElementOperators.Pow,
        ["Equal"] = x => ElementOperators.Compare(x, (a, b) => a == b),
        ["Less"] = x => ElementOperators.Compare(x, (a, b) => a < b),
        ["LessOrEqual"] = x => ElementOperators.Compare(x, (a, b) => a <= b),
        ["Greater"] = x => ElementOperators.Compare(x, (a, b) => a > b),
        ["GreaterOrEqual"] = x => ElementOperators.Compare(x, (a, b) => a >= b),
        ["And"] = x => ElementOperators.Compare(x, (a, b) => a != 0 && b != 0),
        ["Or"] = x => ElementOperators.Compare(x, (a, b) => a != 0 || b != 0),
        ["Xor"] = x => ElementOperators.Compare(x, (a, b) => a != 0 != (b != 0)),
        ["Min"] = ElementOperators.Chosen,
        ["Max"] = ElementOperators.Chosen,
        ["Sum"] = ElementOperators.Scalar,
        ["Mean"] = ElementOperators.Scalar,

        // To another type.
        ["Cast"] = CastOperators.Cast,
        ["CastLike"] = CastOperators.CastLike,
        ["DequantizeLinear"] = CastOperators.DequantizeLinear,

        // Along axes.
        ["ReduceSum"] = x => ReduceOperators.Reduce(x, Reduction.Sum),
        ["ReduceMean"] = x => ReduceOperators.Reduce(x, Reduction.Mean),
        ["ReduceProd"] = x => ReduceOperators.Reduce(x, Reduction.Product),
        ["ReduceMax"] = x => ReduceOperators.Reduce(x, Reduction.Max),
        ["ReduceMin"] = x => ReduceOperators.Reduce(x, Reduction.Min),
        ["ReduceL1"] = x => ReduceOperators.Reduce(x, Reduction.L1),
        ["ReduceL2"] = x => ReduceOperators.Reduce(x, Reduction.L2),
        ["ReduceSumSquare"] = x => ReduceOperators.Reduce(x, Reduction.SumSquare),
        ["ReduceLogSum"] = x => ReduceOperators.Reduce(x, Reduction.LogSum),
        ["ReduceLogSumExp"] = ReduceOperators.LogSumExp,
        ["ArgMax"] = x => OrderOperators.ArgMax(x, 1),
        ["ArgMin"] = x => OrderOperators.ArgMax(x, -1),
        ["TopK"] = OrderOperators.TopK,
        ["CumSum"] = OrderOperators.CumSum,

        // Products.
        ["MatMul"] = ProductOperators.MatMul,
        ["Gemm"] = ProductOperators.Gemm,
        ["Einsum"] = EinsumOperator.Einsum,

        // By indices.
        ["OneHot"] = IndexOperators.OneHot,
        ["NonZero"] = IndexOperators.NonZero,
        ["ScatterElements"] = IndexOperators.ScatterElements,
        ["ScatterND"] = IndexOperators.ScatterNd,

        // Lists of arrays.
        ["SequenceEmpty"] = ListOperators.Empty,
        ["SequenceConstruct"] = ListOperators.Construct,
        ["SequenceInsert"] = ListOperators.Insert,
        ["SequenceErase"] = ListOperators.Erase,
        ["SequenceAt"] = ListOperators.At,
        ["SequenceLength"] = ListOperators.Length,
        ["ConcatFromSequence"] = ListOperators.Concat,
    };

    /// <summary>All that are evaluated, movements among them.</summary>
    internal static IEnumerable<string> Names => Movements.Names.Concat(Table.Keys);

    /// <summary>How an operator is evaluated: its results, one for each output, or the arrays of the list that it makes. Null where it is
    /// not.</summary>
    internal static Func<ConstantArguments, GraphTensor[]>? Find(string op) =>
        Movements.Moves(op) ? MovedOperators.Evaluate : Table.GetValueOrDefault(op);

    /// <summary>Whether an operator asks for nothing but a shape.</summary>
    internal static bool ReadShapes(string op) => op is "Shape" or "Size" or "EyeLike";

    /// <summary>Whether its result is a list of arrays.</summary>
    internal static bool MakesList(string op) =>
        op is "SequenceEmpty" or "SequenceConstruct" or "SequenceInsert" or "SequenceErase" or "SplitToSequence";
}
