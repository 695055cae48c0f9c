using System.Collections.Immutable;
using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Weights.Keras;

/// <summary>Reads a model's configuration: its layers and their calls, as Keras 2 and Keras 3 write them.</summary>
/// <param name="version">The major version of the Keras that wrote it.</param>
internal sealed class ModelReader(int version)
{
    private const int MaxDepth = 16;
    private const int MaxLayers = 20_000;
    private static readonly string[] Modules = ["keras", "tf_keras", "keras_core", "tensorflow.keras"];
    private int _layers;

    /// <summary>Reads the configuration of a whole model: an object with <c>class_name</c> and <c>config</c>.</summary>
    /// <exception cref="ModelException">It is no Sequential or Functional model, or damaged.</exception>
    internal KerasModel Read(JsonElement root) => ReadModel(root, 0) ?? throw new ModelException(
        $"the model is of class '{Text.OneLine(Json.Text(root, "class_name") ?? "")}', expected Sequential or Functional: its code is not in "
        + "the file; export it to ONNX");

    private KerasModel? ReadModel(JsonElement model, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ModelException($"models are nested more than {MaxDepth} deep");
        }

        RequireOwn(model, Json.Text(model, "class_name") ?? "");
        JsonElement config = Json.Find(model, "config") ?? default;
        switch (Json.Text(model, "class_name"))
        {
            case "Sequential":
                JsonElement layers = config.ValueKind == JsonValueKind.Array ? config : Json.Find(config, "layers") ?? default;
                return Sequential([.. Json.Items(layers).Select(l => ReadLayer(l, depth))], Shape(model, config));
            case "Functional" or "Model":
                ImmutableArray<KerasLayer> all = [.. Json.Items(Json.Find(config, "layers")).Select(l => ReadLayer(l, depth))];
                Dictionary<string, KerasLayer> byName = ByName(all);
                return new(false, all, References(config, "input_layers", byName), References(config, "output_layers", byName));
            default:
                return null;
        }
    }

    /// <summary>A chain: each layer is called once, on what the one before it made.</summary>
    private static KerasModel Sequential(ImmutableArray<KerasLayer> layers, ImmutableArray<long?>? shape)
    {
        if (layers.IsEmpty)
        {
            throw new ModelException("a Sequential model has no layers");
        }

        if (layers[0].Class != KerasModel.InputClass)
        {
            layers = layers.Insert(0, new KerasLayer("", KerasModel.InputClass, new LayerSettings(default), false, null, [],
                shape ?? layers[0].InputShape));
        }

        ByName(layers);
        var chain = layers.Select((l, i) => l with { Calls = i == 0 ? [] : [new([new(new(layers[i - 1].Name, 0, 0), null)])] });
        return new(true, [.. chain], [new(layers[0].Name, 0, 0)], [new(layers[^1].Name, 0, 0)]);
    }

    private static Dictionary<string, KerasLayer> ByName(ImmutableArray<KerasLayer> layers)
    {
        var byName = new Dictionary<string, KerasLayer>(StringComparer.Ordinal);
        foreach (KerasLayer layer in layers)
        {
            if (!byName.TryAdd(layer.Name, layer))
            {
                throw new ModelException($"two layers are called '{Text.OneLine(layer.Name)}'");
            }
        }

        return byName;
    }

    private KerasLayer ReadLayer(JsonElement layer, int depth)
    {
        if (++_layers > MaxLayers)
        {
            throw new ModelException($"it has more than {MaxLayers} layers");
        }

        JsonElement config = Json.Find(layer, "config") ?? default;
        string name = Json.Text(layer, "name") ?? Json.Text(config, "name") ?? "";
        string kind = Json.Text(layer, "class_name") ?? "";
        if (name.Length == 0 || kind.Length == 0)
        {
            throw new ModelException("a layer of its configuration has no name or no class");
        }

        if (kind == "Lambda")
        {
            throw new ModelException($"layer '{Text.OneLine(name)}' (Lambda) holds Python code, which is never run; replace it by layers, or "
                + "export the model to ONNX");
        }

        RequireOwn(layer, name);
        bool isOperation = kind == "TFOpLambda" || (Json.Text(layer, "module") ?? "").Contains(".ops", StringComparison.Ordinal);
        KerasModel? inner = isOperation ? null : ReadModel(layer, depth + 1);
        ImmutableArray<KerasCall> calls = [.. Json.Items(Json.Find(layer, "inbound_nodes")).Select(n => CallReader.Read(n, name))];
        return new(name, kind, new LayerSettings(config), isOperation, inner, calls, Shape(layer, config));
    }

    /// <summary>A class of somebody else's may have any name, also one of Keras's own.</summary>
    private static void RequireOwn(JsonElement layer, string name)
    {
        string kind = Json.Text(layer, "class_name") ?? "";
        string? module = Json.Text(layer, "module");
        string registered = Json.Text(layer, "registered_name") ?? kind;
        bool isOwn = (module is null || Modules.Any(m => module == m || module.StartsWith(m + ".", StringComparison.Ordinal)))
            && !registered.Contains('>') && !kind.Contains('>');
        if (!isOwn)
        {
            throw new ModelException($"layer '{Text.OneLine(name)}' ({Text.OneLine(registered)}) is of a class that is not Keras's own: its code "
                + "is not in the file; export the model to ONNX");
        }
    }

    private static ImmutableArray<long?>? Shape(JsonElement layer, JsonElement config) =>
        Json.Shape(Json.Find(config, "batch_shape")) ?? Json.Shape(Json.Find(config, "batch_input_shape"))
        ?? Json.Shape(Json.Find(config, "build_input_shape"))
        ?? (Json.Find(layer, "build_config") is { } build ? Json.Shape(Json.Find(build, "input_shape")) : null);

    /// <summary>The inputs or outputs of a model: <c>["name",0,0]</c>, or a list of such.</summary>
    private ImmutableArray<KerasReference> References(JsonElement config, string name, Dictionary<string, KerasLayer> layers)
    {
        JsonElement list = Json.Find(config, name) ?? throw new ModelException($"the configuration of a model has no '{name}'");
        var references = ImmutableArray.CreateBuilder<KerasReference>();
        if (CallReader.Reference(list) is { } one)
        {
            references.Add(one);
        }
        else
        {
            foreach (JsonElement item in Json.Items(list))
            {
                references.Add(CallReader.Reference(item) ?? throw new ModelException($"'{name}' of a model is not a list of values"));
            }
        }

        return references.Count == 0 ? throw new ModelException($"'{name}' of a model is empty")
            : [.. references.Select(r => CallReader.Normal(r, layers, version, isPort: true))];
    }
}
