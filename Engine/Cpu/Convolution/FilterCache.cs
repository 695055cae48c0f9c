using System.Runtime.CompilerServices;
using Interp.Engine.Graph;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>Prepared filters by node, direction and form. They depend on neither picture size nor batch, so all sessions of a backend share them.</summary>
internal sealed class FilterCache : IDisposable
{
    private readonly ConditionalWeakTable<Node, Dictionary<(bool Backward, Type Form), IDisposable>> _byNode = [];

    /// <summary>The prepared filters, made on first use.</summary>
    public T Get<T>(Node node, bool backward, Func<T> make) where T : class, IDisposable
    {
        Dictionary<(bool, Type), IDisposable> forms = _byNode.GetOrCreateValue(node);
        lock (forms)
        {
            if (!forms.TryGetValue((backward, typeof(T)), out IDisposable? filters))
            {
                forms.Add((backward, typeof(T)), filters = make());
            }

            return (T)filters;
        }
    }

    /// <summary>Frees all filters. Sessions that use them must be closed.</summary>
    public void Dispose()
    {
        foreach ((_, Dictionary<(bool, Type), IDisposable> forms) in _byNode)
        {
            foreach (IDisposable filters in forms.Values)
            {
                filters.Dispose();
            }
        }

        _byNode.Clear();
    }
}
