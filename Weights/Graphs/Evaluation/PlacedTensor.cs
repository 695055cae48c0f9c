using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>
/// The result of a movement. Pieces, joined pieces and arrays of another shape are read through to what they are made of; otherwise the
/// whole input is held while the result is read from its first element to its last.
/// </summary>
internal sealed class PlacedTensor : LazyTensor
{
    private readonly Placement _placement;
    private readonly Remembered _held;

    /// <param name="node">The movement.</param>
    /// <param name="type">How its elements are stored.</param>
    /// <param name="placement">Where they come from.</param>
    /// <param name="inputs">The inputs of the movement, or the part of them that is moved; null where one is left out.</param>
    /// <param name="fill">What stands where no element comes to.</param>
    internal PlacedTensor(OperatorNode node, ElementType type, Placement placement, IReadOnlyList<GraphTensor?> inputs, double fill)
        : base(node, type, placement.Shape, [.. inputs.Where((_, k) => Movements.IsMoved(node.Operator, k)).OfType<GraphTensor>()])
    {
        _placement = placement;
        _held = new Remembered(placement is StridedPlacement ? () => Inputs[0].Read()
            : () => placement.Apply([.. inputs.Select((t, k) => Movements.IsMoved(node.Operator, k) ? t?.Read() : null)], fill));
    }

    protected override void Compute(long first, Span<double> into)
    {
        switch (_placement)
        {
            case SamePlacement:
                Inputs[0].Read(first, into);
                return;
            case StridedPlacement { IsPiece: true } piece:
                Inputs[0].Read(piece.Start + first, into);
                return;
            case JoinedPlacement joined:
                ReadJoined(joined.Runs, first, into);
                return;
            case StridedPlacement strided:
                strided.Fill(_held.Values, first, into);
                break;
            default:
                _held.Values.AsSpan((int)first, into.Length).CopyTo(into);
                break;
        }

        if (first + into.Length == Count)
        {
            _held.Forget();
        }
    }

    private void ReadJoined(IReadOnlyList<int> runs, long first, Span<double> into)
    {
        long perTurn = runs.Sum(r => (long)r);
        while (!into.IsEmpty)
        {
            (long turn, long within) = Math.DivRem(first, perTurn);
            int k = 0;
            for (; within >= runs[k]; k++)
            {
                within -= runs[k];
            }

            int part = (int)Math.Min(into.Length, runs[k] - within);
            Inputs[k].Read((turn * runs[k]) + within, into[..part]);
            into = into[part..];
            first += part;
        }
    }
}
