namespace Interp.Engine.Visualization.Transforms;

/// <summary>What is done to each image of a batch in one step, and back.</summary>
public sealed class DrawnTransforms
{
    private readonly IReadOnlyList<IImageStage>[] _stages;

    internal DrawnTransforms(IReadOnlyList<IImageStage>[] stages) => _stages = stages;

    /// <summary>Images into the network's frame.</summary>
    /// <param name="images"><c>[N,C,h,w]</c>.</param>
    /// <param name="frame"><c>[N,C,H,W]</c>.</param>
    public void Forward(ReadOnlySpan<float> images, Span<float> frame)
    {
        for (int n = 0; n < _stages.Length; n++)
        {
            IReadOnlyList<IImageStage> stages = _stages[n];
            ReadOnlySpan<float> values = Own(images, n, stages[0].Input);
            for (int i = 0; i < stages.Count; i++)
            {
                int length = stages[i].Output;
                Span<float> output = i < stages.Count - 1 ? new float[length] : frame.Slice(n * length, length);
                stages[i].Forward(values, output);
                values = output;
            }
        }
    }

    /// <summary>The gradient by the images from that by the frame: the transposed Jacobian, exactly.</summary>
    /// <param name="frame"><c>[N,C,H,W]</c>.</param>
    /// <param name="images">Takes <c>[N,C,h,w]</c>.</param>
    public void Backward(ReadOnlySpan<float> frame, Span<float> images)
    {
        images.Clear();
        for (int n = 0; n < _stages.Length; n++)
        {
            IReadOnlyList<IImageStage> stages = _stages[n];
            ReadOnlySpan<float> gradient = Own(frame, n, stages[^1].Output);
            for (int i = stages.Count - 1; i >= 0; i--)
            {
                int length = stages[i].Input;
                Span<float> input = i > 0 ? new float[length] : images.Slice(n * length, length);
                stages[i].Backward(gradient, input);
                gradient = input;
            }
        }
    }

    private static ReadOnlySpan<float> Own(ReadOnlySpan<float> batch, int image, int length) => batch.Slice(image * length, length);
}
