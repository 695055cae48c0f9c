using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Keras.Layers;

namespace Interp.Weights.Keras;

/// <summary>
/// Makes operators of a model. What a layer computes bears its name, those of a model that is a layer with the model's name and a dot
/// before it: <c>trunk.conv</c>; an activation inside a layer <c>trunk.conv_activation</c>, the first half of a separable convolution
/// <c>conv_depthwise</c>. A second call of a layer bears its name with the first number behind it that no layer has: <c>relu_1</c>.
/// </summary>
/// <param name="graph">Where they go.</param>
/// <param name="version">The major version of the Keras that wrote the file.</param>
/// <param name="file">The file's path: errors that begin with it are of the file, others of a layer.</param>
internal sealed class ModelWriter(KerasGraph graph, int version, string file)
{
    /// <summary>Models that call each other again and again grow without end.</summary>
    private const int MaxLayers = 100_000;

    private readonly KerasGraph _graph = graph;
    private readonly int _version = version;
    private readonly string _file = file;
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private int _written;

    /// <summary>Makes operators of one call of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prefix">What stands before its layers' names: empty, or <c>trunk.</c></param>
    /// <param name="inputs">The values that come in.</param>
    /// <param name="store">The arrays of its layers.</param>
    internal ImmutableArray<KerasValue> Write(KerasModel model, string prefix, ImmutableArray<KerasValue> inputs, KerasStore store)
    {
        if (inputs.Length != model.Inputs.Length)
        {
            throw new ModelException($"it is called on {inputs.Length} values, expected {model.Inputs.Length}");
        }

        _written += model.Layers.Sum(l => Math.Max(1, l.Calls.Length));
        if (_written > MaxLayers)
        {
            throw new ModelException($"its layers are called more than {MaxLayers} times in all");
        }

        var run = new Run(this, model, prefix, store);
        for (int i = 0; i < inputs.Length; i++)
        {
            run.Values[(model.Inputs[i].Layer, model.Inputs[i].Call)] = [inputs[i]];
        }

        foreach (KerasLayer layer in model.Layers)
        {
            for (int call = 0; call < layer.Calls.Length; call++)
            {
                run.Compute(layer, call);
            }
        }

        return [.. model.Outputs.Select(run.Find)];
    }

    /// <summary>One call of a model.</summary>
    private sealed class Run(ModelWriter writer, KerasModel model, string prefix, KerasStore store)
    {
        private readonly Dictionary<string, KerasLayer> _layers = model.Layers.ToDictionary(l => l.Name, StringComparer.Ordinal);
        private readonly HashSet<(string Layer, int Call)> _begun = [];
        private readonly Dictionary<string, KerasStore> _inner = new(StringComparer.Ordinal);

        /// <summary>What each call made.</summary>
        internal Dictionary<(string Layer, int Call), ImmutableArray<KerasValue>> Values { get; } = [];

        /// <summary>Computes a call, and before it what it reads; layers need not stand in the order of their calls.</summary>
        internal void Compute(KerasLayer layer, int call)
        {
            var open = new Stack<(KerasLayer Layer, int Call)>();
            open.Push((layer, call));
            while (open.TryPeek(out (KerasLayer Layer, int Call) next))
            {
                (string, int) key = (next.Layer.Name, next.Call);
                if (Values.ContainsKey(key))
                {
                    open.Pop();
                    continue;
                }

                if (next.Call < 0 || next.Call >= next.Layer.Calls.Length)
                {
                    throw new ModelException(
                        $"{next.Layer.Where(prefix + next.Layer.Name)}: call {next.Call} of it is referred to, and is not there");
                }

                KerasReference[] missing = [.. References(next.Layer, next.Call).Where(r => !Values.ContainsKey((r.Layer, r.Call)))];
                if (missing.Length == 0)
                {
                    Values.Add(key, Write(next.Layer, next.Call));
                    open.Pop();
                }
                else if (!_begun.Add(key))
                {
                    throw new ModelException($"{next.Layer.Where(prefix + next.Layer.Name)} reads what is made of its own output");
                }
                else
                {
                    foreach (KerasReference reference in missing)
                    {
                        open.Push((_layers[reference.Layer], reference.Call));
                    }
                }
            }
        }

        /// <summary>A value of the model.</summary>
        internal KerasValue Find(KerasReference reference)
        {
            if (!Values.TryGetValue((reference.Layer, reference.Call), out ImmutableArray<KerasValue> outputs)
                || reference.Output >= outputs.Length)
            {
                throw new ModelException($"output {reference.Output} of call {reference.Call} of layer '{Text.OneLine(reference.Layer)}' "
                    + "is referred to, and is not there");
            }

            return outputs[reference.Output];
        }

        private IEnumerable<KerasReference> References(KerasLayer layer, int call) => layer.Calls[call].Arguments
            .Where(a => a.Value is not null).Select(a => CallReader.Normal(a.Value!.Value, _layers, writer._version, isPort: false));

        private ImmutableArray<KerasValue> Write(KerasLayer layer, int call)
        {
            string path = PathOf(layer, call);
            try
            {
                ImmutableArray<KerasValue> inputs = [.. References(layer, call).Select(Find)];
                if (layer.Inner is { } inner)
                {
                    if (!_inner.TryGetValue(layer.Name, out KerasStore? arrays))
                    {
                        arrays = store.Inner(layer);
                        _inner.Add(layer.Name, arrays);
                    }

                    return writer.Write(inner, path + ".", inputs, arrays);
                }

                writer._graph.Class = layer.Class;
                var written = new LayerCall(writer._graph, layer, path, inputs, () => store.Arrays(layer), writer._version);
                return [layer.IsOperation ? Operations.Write(layer, written, layer.Calls[call].Arguments)
                    : LayerTable.Write(layer.Class, written)];
            }
            catch (ModelException e) when (!e.Message.StartsWith("layer '", StringComparison.Ordinal)
                && !e.Message.StartsWith(writer._file, StringComparison.Ordinal))
            {
                throw new ModelException($"{layer.Where(path)}: {e.Message}", e);
            }
        }

        private string PathOf(KerasLayer layer, int call)
        {
            string path = prefix + layer.Name;
            for (int i = 1; call > 0 && (_layers.ContainsKey(path[prefix.Length..]) || writer._paths.Contains(path)); i++)
            {
                path = $"{prefix}{layer.Name}_{i}";
            }

            writer._paths.Add(path);
            return path;
        }
    }
}
