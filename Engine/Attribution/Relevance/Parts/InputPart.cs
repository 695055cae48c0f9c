using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>What a rule makes of a layer's input x.</summary>
public enum InputPart
{
    /// <summary>x itself.</summary>
    Own,

    /// <summary>x⁺ = max(x, 0).</summary>
    Positive,

    /// <summary>x⁻ = min(x, 0).</summary>
    Negative,

    /// <summary>1 everywhere.</summary>
    Ones,

    /// <summary>The least value that a pixel can have: black, (0 − mean) / deviation.</summary>
    Lowest,

    /// <summary>The greatest value that a pixel can have: white, (1 − mean) / deviation.</summary>
    Highest,
}

/// <summary>Computes parts of inputs.</summary>
internal static class InputParts
{
    /// <summary>The part as an array of the input's size.</summary>
    /// <exception cref="ModelException">Bounds are asked for, and the preprocessing does not know the image's channels.</exception>
    public static float[] Of(this InputPart part, float[] x, Shape image, Preprocessing preprocessing)
    {
        var result = new float[x.Length];
        switch (part)
        {
            case InputPart.Own:
                return x;
            case InputPart.Ones:
                Array.Fill(result, 1);
                break;
            case InputPart.Lowest or InputPart.Highest:
                FillBound(part == InputPart.Lowest ? 0 : 1, result, image, preprocessing);
                break;
            default:
                bool positive = part == InputPart.Positive;
                for (int i = 0; i < x.Length; i++)
                {
                    result[i] = positive ? MathF.Max(x[i], 0) : MathF.Min(x[i], 0);
                }

                break;
        }

        return result;
    }

    private static void FillBound(float value, float[] result, Shape image, Preprocessing preprocessing)
    {
        int channels = preprocessing.Mean.Length;
        if (image.Rank != 4 || image[1] != channels || result.Length != image.Count)
        {
            throw new ModelException(
                $"the z-box rule needs the bounds of pixels: expected an input [N,{channels},H,W], found {image}; choose a composite "
                + "without it");
        }

        int plane = result.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            result.AsSpan(c * plane, plane).Fill((value - preprocessing.Mean[c]) / preprocessing.Deviation[c]);
        }
    }
}
