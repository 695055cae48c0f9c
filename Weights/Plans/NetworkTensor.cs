using Interp.Engine.Tensors;
using Interp.Weights.Formats;

namespace Interp.Weights.Plans;

/// <summary>A parameter of a network that is there already; it stays as it is stored.</summary>
internal sealed class NetworkTensor(Weight weight) : TensorRecipe(weight.Name, weight.Shape)
{
    internal override DType? Type => weight.DType;

    internal override void Read(WeightSource source, long first, Span<double> into)
    {
        var values = new float[into.Length];
        weight.CopyTo(first, values);
        for (int i = 0; i < values.Length; i++)
        {
            into[i] = values[i];
        }
    }
}
