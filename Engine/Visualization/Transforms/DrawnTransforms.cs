namespace Interp.Engine.Visualization.Transforms;

/// <summary>What is done to each picture of a batch in one step, and back.</summary>
public sealed class DrawnTransforms
{
    private readonly IReadOnlyList<IPictureStage>[] _stages;

    internal DrawnTransforms(IReadOnlyList<IPictureStage>[] stages) => _stages = stages;

    /// <summary>Pictures into the network's frame.</summary>
    /// <param name="pictures"><c>[N,3,h,w]</c>.</param>
    /// <param name="frame"><c>[N,3,H,W]</c>.</param>
    public void Forward(ReadOnlySpan<float> pictures, Span<float> frame)
    {
        for (int n = 0; n < _stages.Length; n++)
        {
            ReadOnlySpan<float> values = pictures.Slice(n * _stages[n][0].Input, _stages[n][0].Input);
            foreach (IPictureStage stage in _stages[n])
            {
                var output = new float[stage.Output];
                stage.Forward(values, output);
                values = output;
            }

            values.CopyTo(frame[(n * values.Length)..]);
        }
    }

    /// <summary>The gradient by the pictures from that by the frame: the transposed Jacobian, exactly.</summary>
    /// <param name="frame"><c>[N,3,H,W]</c>.</param>
    /// <param name="pictures">Takes <c>[N,3,h,w]</c>.</param>
    public void Backward(ReadOnlySpan<float> frame, Span<float> pictures)
    {
        for (int n = 0; n < _stages.Length; n++)
        {
            int last = _stages[n][^1].Output;
            ReadOnlySpan<float> gradient = frame.Slice(n * last, last);
            foreach (IPictureStage stage in _stages[n].Reverse())
            {
                var input = new float[stage.Input];
                stage.Backward(gradient, input);
                gradient = input;
            }

            gradient.CopyTo(pictures[(n * gradient.Length)..]);
        }
    }
}
