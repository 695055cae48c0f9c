using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Elementwise;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering.Operators;

/// <summary>Gemm and MatMul with a constant: linear layers over features, and convolutions of one pixel over the channels of
/// maps.</summary>
internal static class LinearOperators
{
    /// <summary>α·A·B + β·C, where B and C are constant.</summary>
    internal static GraphValue Gemm(OperatorCall call)
    {
        OperatorAttributes attributes = call.Attributes;
        double alpha = attributes.Float("alpha", 1), beta = attributes.Float("beta", 1);
        bool transposed = attributes.Int("transB", 0) == 0;
        (GraphTensor weight, ImmutableArray<int> shape) = call.Parameter(1, rank: 2);
        View input = call.View(0);
        input = attributes.Int("transA", 0) != 0 ? Transposed(call, input) : input;
        int outputs = shape[transposed ? 1 : 0];
        return Product(call, input, weight, transposed, alpha, Bias(call, outputs, beta));
    }

    /// <summary>A·B, where one of them is a constant matrix.</summary>
    internal static GraphValue MatMul(OperatorCall call)
    {
        if (call.Value(0) is ConstantValue)
        {
            (GraphTensor left, _) = call.Parameter(0, rank: 2);
            return Transposed(call, Product(call, Transposed(call, call.View(1)), left, transposed: false, 1, null));
        }

        if (call.Value(1) is not ConstantValue)
        {
            throw new ModelException("both operands depend on the image: networks with attention are not supported yet");
        }

        (GraphTensor weight, _) = call.Parameter(1, rank: 2);
        return Product(call, call.View(0), weight, transposed: true, 1, null);
    }

    /// <summary>A linear layer over a view whose shape is <c>[N,K]</c>, or that with axes of size 1 behind.</summary>
    internal static View Features(OperatorCall call, View input, GraphTensor weight, int outputs, bool transposed, double factor,
        Func<string, TensorRecipe>? bias)
    {
        (EmittedNode from, int[]? columns) = call.Lowering.Maps.Features(input, call.Node);
        int features = from.Shape[1];
        bool plain = !transposed && columns is null && factor == 1;
        GraphTensor matrix = plain ? weight : new MatrixTensor(weight, outputs, features, transposed, columns, factor);
        var layer = new Linear(features, outputs, bias is not null);
        string? module = ConvolutionOperators.ModuleOfWeight(call);
        EmittedNode made = call.Lowering.Network.Add(new EmittedNode(layer, [from], layer.Infer([from.Shape]), call.Site, "linear")
        {
            Tensors = [OperatorCall.Recipe(matrix, new Shape(outputs, features)), .. bias is null ? [] : new[] { bias }],
            Module = module,
        });
        made = module is null ? made : call.Emit(new Identity(), "batch_norm", made);
        ImmutableArray<int> shape = [input.Shape[0], outputs, .. input.Shape.AsSpan()[2..]];
        return call.At(made, Layout.Straight(made.Shape, call.Batch, shape));
    }

    private static View Product(
        OperatorCall call, View input, GraphTensor weight, bool transposed, double factor, Func<string, TensorRecipe>? bias)
    {
        int inputs = (int)weight.Shape[transposed ? 0 : 1], outputs = (int)weight.Shape[transposed ? 1 : 0];
        ImmutableArray<int> shape = input.Shape;
        if (shape.Length < 2 || shape[^1] != inputs)
        {
            throw new ModelException($"the matrix takes {inputs} numbers, but the last axis of the input of shape "
                + $"{Sizes.Show(shape.AsSpan())} has {(shape.Length == 0 ? 1 : shape[^1])}");
        }

        if (shape.Length == 2 && shape[0] == call.Batch)
        {
            return Features(call, input, weight, outputs, transposed, factor, bias);
        }

        EmittedNode from = input.Node;
        if (input.Layout.PerPixel(from.Shape) is null)
        {
            throw Maps.Refused(input, call.Node, "rows of channels of a pixel");
        }

        GraphTensor matrix = transposed || factor != 1 ? new MatrixTensor(weight, outputs, inputs, transposed, null, factor) : weight;
        bool maps = from.Shape.Rank == 4;
        Shape size = maps ? new Shape(outputs, inputs, 1, 1) : new Shape(outputs, inputs);
        Func<string, TensorRecipe>[] tensors = [OperatorCall.Recipe(matrix, size), .. bias is null ? [] : new[] { bias }];
        EmittedNode made = maps
            ? call.Emit(new Conv2d(inputs, outputs, Window.Square(1), Bias: bias is not null), "linear", from, tensors)
            : call.Emit(new Linear(inputs, outputs, bias is not null), "linear", from, tensors);
        return call.At(made, input.Layout.PerPixel(made.Shape)!);
    }

    private static Func<string, TensorRecipe>? Bias(OperatorCall call, int outputs, double beta)
    {
        if (call.Parameter(2) is not { } bias || beta == 0)
        {
            return null;
        }

        if (bias.Count != 1 && (bias.Count != outputs || bias.Shape[^1] != outputs))
        {
            throw new ModelException($"the bias has the shape [{string.Join(',', bias.Shape)}], expected [{outputs}] or one number");
        }

        double[] values = bias.Read();
        return OperatorCall.Recipe([.. AffineForm.Spread(values, outputs).Select(b => beta == 1 ? b : beta * b)]);
    }

    /// <summary>The two axes of a matrix in the other order.</summary>
    private static View Transposed(OperatorCall call, View view)
    {
        if (view.Shape is not [var rows, var columns])
        {
            throw new ModelException($"an input of shape {Sizes.Show(view.Shape.AsSpan())}, expected a matrix");
        }

        var placement = new StridedPlacement([columns, rows], 0, [1, columns]);
        return new View(view.Node, view.Layout.Moved(placement), view.Site, view.Sole);
    }
}
