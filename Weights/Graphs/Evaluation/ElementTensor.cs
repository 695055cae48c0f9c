using System.Collections.Immutable;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>An input of an elementwise operator, and the shape in which it is repeated to the shape of the result.</summary>
internal readonly record struct Operand(GraphTensor Tensor, ImmutableArray<int> Shape);

/// <summary>The result of an elementwise operator, piece by piece; inputs that are repeated are held while it is read from its first
/// element to its last.</summary>
internal sealed class ElementTensor : LazyTensor
{
    private const int Piece = 4096;

    private readonly ElementFunction _function;
    private readonly bool _chosen;
    private readonly Placement[] _placements;
    private readonly Remembered[] _held;

    /// <param name="node">The operator.</param>
    /// <param name="type">How the result's elements are stored.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="operands">What it is computed of.</param>
    /// <param name="function">How.</param>
    /// <param name="chosen">Whether each element is one of the inputs', and so is a number of the type already.</param>
    internal ElementTensor(
        OperatorNode node, ElementType type, ImmutableArray<int> shape, Operand[] operands, ElementFunction function, bool chosen = false)
        : base(node, type, shape, [.. operands.Select(o => o.Tensor)])
    {
        _function = function;
        _chosen = chosen;
        _placements = [.. operands.Select(o => StridedPlacement.Broadcast(o.Shape, shape))];
        _held = [.. operands.Select(o => new Remembered(o.Tensor.Read))];
    }

    protected override void Compute(long first, Span<double> into)
    {
        int inputs = _placements.Length;
        int size = Math.Min(Piece, into.Length);
        double[][] pieces = [.. _placements.Select(_ => new double[size])];
        Span<double> x = stackalloc double[Math.Min(inputs, 64)];
        x = inputs > 64 ? new double[inputs] : x;
        bool ends = first + into.Length == Count;
        while (!into.IsEmpty)
        {
            int part = Math.Min(Piece, into.Length);
            for (int k = 0; k < inputs; k++)
            {
                if (_placements[k] is StridedPlacement repeated)
                {
                    repeated.Fill(_held[k].Values, first, pieces[k].AsSpan(0, part));
                }
                else
                {
                    Inputs[k].Read(first, pieces[k].AsSpan(0, part));
                }
            }

            for (int i = 0; i < part; i++)
            {
                for (int k = 0; k < inputs; k++)
                {
                    x[k] = pieces[k][i];
                }

                into[i] = _chosen ? _function(x) : Numbers.Fit(Type, _function(x));
            }

            first += part;
            into = into[part..];
        }

        if (ends)
        {
            Array.ForEach(_held, h => h.Forget());
        }
    }
}
