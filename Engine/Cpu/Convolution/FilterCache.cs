using System.Runtime.CompilerServices;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// Prepared filters by weight, layer, direction and form. They depend on neither image size nor batch, so all sessions of a backend share
/// them, and so do
/// networks made of another one's layers.
/// </summary>
internal sealed class FilterCache : IDisposable
{
    private readonly ConditionalWeakTable<Weight, Dictionary<(Layer Layer, bool Backward, Type Form), IDisposable>> _byWeight = [];

    /// <summary>Memory for filters that are not kept yet.</summary>
    public SpareMemory Spare { get; } = new();

    /// <summary>The prepared filters, made on first use.</summary>
    public T Get<T>(Node node, bool backward, Func<T> make) where T : class, IDisposable
    {
        Dictionary<(Layer, bool, Type), IDisposable> forms = _byWeight.GetOrCreateValue(node.Weights[0]);
        Layer layer = backward ? node.Layer : WithoutPadding(node.Layer);
        lock (forms)
        {
            if (!forms.TryGetValue((layer, backward, typeof(T)), out IDisposable? filters))
            {
                forms.Add((layer, backward, typeof(T)), filters = make());
            }

            return (T)filters;
        }
    }

    /// <summary>The padding changes which pixels are read, but, forward, not with which filters.</summary>
    private static Layer WithoutPadding(Layer layer) => layer is Conv2d conv
        ? conv with { Window = new Window(conv.Window.Kernel, conv.Window.Stride, default, conv.Window.Dilation) }
        : layer;

    /// <summary>Frees all filters. Sessions that use them must be closed.</summary>
    public void Dispose()
    {
        foreach ((_, Dictionary<(Layer, bool, Type), IDisposable> forms) in _byWeight)
        {
            foreach (IDisposable filters in forms.Values)
            {
                filters.Dispose();
            }
        }

        _byWeight.Clear();
        Spare.Dispose();
    }
}
