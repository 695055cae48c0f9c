namespace Interp.Engine.Arithmetic;

/// <summary>Planes of one size seen through an affine map as planes of another, and the gradient back.</summary>
internal interface IImageSampler
{
    /// <summary>Each plane of the source at the result's places.</summary>
    void Forward(ReadOnlySpan<float> source, Span<float> result);

    /// <summary>Adds to the source's gradient what comes from the result's, by the transposed weights.</summary>
    void Backward(ReadOnlySpan<float> result, Span<float> source);
}
