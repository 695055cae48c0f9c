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
            IReadOnlyList<IPictureStage> stages = _stages[n];
            ReadOnlySpan<float> values = Own(pictures, n, stages[0].Input);
            for (int i = 0; i < stages.Count; i++)
            {
                int length = stages[i].Output;
                Span<float> output = i < stages.Count - 1 ? new float[length] : frame.Slice(n * length, length);
                stages[i].Forward(values, output);
                values = output;
            }
        }
    }

    /// <summary>The gradient by the pictures from that by the frame: the transposed Jacobian, exactly.</summary>
    /// <param name="frame"><c>[N,3,H,W]</c>.</param>
    /// <param name="pictures">Takes <c>[N,3,h,w]</c>.</param>
    public void Backward(ReadOnlySpan<float> frame, Span<float> pictures)
    {
        pictures.Clear();
        for (int n = 0; n < _stages.Length; n++)
        {
            IReadOnlyList<IPictureStage> stages = _stages[n];
            ReadOnlySpan<float> gradient = Own(frame, n, stages[^1].Output);
            for (int i = stages.Count - 1; i >= 0; i--)
            {
                int length = stages[i].Input;
                Span<float> input = i > 0 ? new float[length] : pictures.Slice(n * length, length);
                stages[i].Backward(gradient, input);
                gradient = input;
            }
        }
    }

    private static ReadOnlySpan<float> Own(ReadOnlySpan<float> batch, int picture, int length) => batch.Slice(picture * length, length);
}
