using Interp.Engine.Arithmetic;
using Interp.Engine.Tensors;

namespace Interp.Engine.Training;

/// <summary>
/// Where in an image a head finds its evidence for a class: with features h_k = (1/P) Σ_p a_k(p), the logit is z_c = b_c + (1/P) Σ_p
/// Σ_k A[c,k] a_k(p), so that each position has its exact share (class activation maps: B. Zhou et al., CVPR 2016; Grad-CAM of such a head,
/// up to a factor).
/// </summary>
public static class HeadMap
{
    /// <summary>Each position's share of a logit less its bias, summed over channels in float64.</summary>
    /// <param name="head">The head.</param>
    /// <param name="target">The class.</param>
    /// <param name="shape">The layer's shape for one image, <c>[1,C,h,w]</c>.</param>
    /// <param name="activation">The layer's values.</param>
    /// <returns><c>[h,w]</c>; its sum is the logit less the bias.</returns>
    /// <exception cref="ArgumentException">The layer has no maps, or not the head's channels.</exception>
    public static float[] Of(SoftmaxHead head, int target, Shape shape, ReadOnlySpan<float> activation)
    {
        if (shape.Rank != 4 || shape[0] != 1 || shape[1] != head.Features || activation.Length != shape.Count)
        {
            throw new ArgumentException($"a layer of {shape}, expected [1,{head.Features},h,w]", nameof(shape));
        }

        int positions = shape[2] * shape[3];
        var map = new float[positions];
        for (int p = 0; p < positions; p++)
        {
            double sum = 0;
            for (int k = 0; k < head.Features; k++)
            {
                sum += head.Weights[(target * head.Features) + k] * activation[(k * positions) + p];
            }

            map[p] = (float)(sum / positions);
        }

        return map;
    }

    /// <summary>The same at the size of the image, bilinearly; what speaks against the class is 0.</summary>
    /// <inheritdoc cref="Of"/>
    /// <param name="head">The head.</param>
    /// <param name="target">The class.</param>
    /// <param name="shape">The layer's shape for one image, <c>[1,C,h,w]</c>.</param>
    /// <param name="activation">The layer's values.</param>
    /// <param name="size">Height and width of the image.</param>
    /// <returns><c>[H,W]</c>.</returns>
    public static float[] Positive(
        SoftmaxHead head, int target, Shape shape, ReadOnlySpan<float> activation, (int Height, int Width) size)
    {
        float[] map = Of(head, target, shape, activation);
        return Bilinear.Resize(Array.ConvertAll(map, v => Math.Max(0, v)), (shape[2], shape[3]), size);
    }
}
