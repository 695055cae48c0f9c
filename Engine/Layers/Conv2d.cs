using System.Text.Json.Serialization;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// Two-dimensional convolution (cross-correlation, as in PyTorch):
/// y[n,k,i,j] = b[k] + Σ_{c,p,q} w[k,c,p,q] · x[n, g·C/G + c, i·s − pad + p·d, j·s − pad + q·d], where g is the group of output channel k.
/// Its gradient with respect to x is the transposed convolution with the same weights, without bias.
/// Parameters: weight <c>[K, C/G, kh, kw]</c> and, if <see cref="Bias"/>, bias <c>[K]</c>.
/// </summary>
/// <param name="InChannels">C.</param>
/// <param name="OutChannels">K.</param>
/// <param name="Window">Kernel, stride, zero padding and dilation.</param>
/// <param name="Groups">G: input and output channels are split into G groups that do not mix.</param>
/// <param name="Bias">Whether there is a bias.</param>
public sealed record Conv2d(int InChannels, int OutChannels, Window Window, int Groups = 1, bool Bias = true) : Layer
{
    internal const string Name = "conv2d";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<Shape> Parameters
    {
        get
        {
            var weight = new Shape(OutChannels, InChannels / Groups, Window.Kernel.H, Window.Kernel.W);
            return Bias ? [weight, new Shape(OutChannels)] : [weight];
        }
    }

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        Window.Validate(Name);
        if (Groups < 1 || InChannels % Groups != 0 || OutChannels % Groups != 0)
        {
            throw new ModelException($"conv2d: {InChannels} input and {OutChannels} output channels do not split into {Groups} groups");
        }

        Shape x = Expect.One(Name, inputs, rank: 4);
        if (x[1] != InChannels)
        {
            throw new ModelException($"conv2d: expected {InChannels} input channels, found {x}");
        }

        Size2 size = Window.Output(Name, x[2], x[3]);
        return new Shape(x[0], OutChannels, size.H, size.W);
    }
}
