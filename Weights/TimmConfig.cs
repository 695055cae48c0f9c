using System.Collections.Immutable;
using System.Text.Json;
using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Plans;

namespace Interp.Weights;

/// <summary>
/// The <c>config.json</c> that timm writes beside the weights of a network (<c>save_for_hf</c>, the Hugging Face Hub): its architecture,
/// how images are prepared, the classes' names.
/// </summary>
/// <param name="Settings">The architecture and what was changed of it.</param>
/// <param name="Preprocessing">How images are prepared, or null where it does not say it.</param>
/// <param name="Labels">The classes' names, or null.</param>
/// <param name="Assumptions">What was assumed, one line each.</param>
internal sealed record TimmConfig(
    TimmSettings Settings, Preprocessing? Preprocessing, ImmutableArray<string>? Labels, IReadOnlyList<string> Assumptions)
{
    private string? _unknown;

    private const string FileName = "config.json";
    private const int MaxBytes = 16 << 20;

    /// <summary>Arguments of a network that its tensors show, or that change nothing once it is trained.</summary>
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        "num_classes", "in_chans", "channels", "layers", "stem_width", "stem_type", "avg_down", "cardinality", "base_width", "depths",
        "dims", "channel_multiplier", "depth_multiplier", "drop_rate", "drop_path_rate", "drop_block_rate", "bn_momentum", "zero_init_last",
        "ls_init_value", "conv_mlp", "head_init_scale", "img_size", "patch_size", "stem_size", "fix_stem", "num_features", "features_only",
    };

    /// <summary>The configuration beside a weight file; null if there is none, or none of timm's.</summary>
    /// <exception cref="ModelException">There is one that cannot be read, or says something that is not understood.</exception>
    internal static TimmConfig? Beside(string weightFile)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(weightFile))!, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return new FileInfo(path).Length <= MaxBytes ? Parse(path, File.ReadAllBytes(path))
                : throw new ModelException($"{path}: larger than {MaxBytes} bytes, expected a description of a network");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: {Text.OneLine(e.Message)}; look at its permissions", e);
        }
    }

    /// <summary>The configuration that a file holds; null if it is none of timm's.</summary>
    /// <exception cref="ModelException">It cannot be read, or says something that is not understood.</exception>
    internal static TimmConfig? Parse(string path, byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            return Read(json.RootElement);
        }
        catch (ModelException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new ModelException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new ModelException($"{path}: {Text.OneLine(e.Message)}; expected timm's description of the network: fetch it again, or "
                + "move it away and give option 'arch'", e);
        }
    }

    private static TimmConfig? Read(JsonElement root)
    {
        JsonElement cfg = Member(root, "pretrained_cfg", JsonValueKind.Object) ?? root;
        if ((String(root, "architecture") ?? String(cfg, "architecture")) is not { } architecture)
        {
            return null;
        }

        var assumptions = new List<string>
        {
            $"the network is timm's {Text.OneLine(architecture)}, as the {FileName} beside the file says",
        };
        var settings = new TimmSettings(architecture);
        var unknown = new List<string>();
        if (Member(root, "model_args", JsonValueKind.Object) is { } arguments)
        {
            settings = arguments.EnumerateObject().Aggregate(settings, (s, a) => With(s, a, unknown));
        }

        if (String(root, "global_pool") is { } pool and not ("avg" or "fast" or ""))
        {
            unknown.Add($"global_pool '{Text.OneLine(pool)}'");
        }

        return new TimmConfig(settings, Preparation(cfg, assumptions), ClassNames(root, cfg), assumptions)
        {
            _unknown = unknown.FirstOrDefault(),
        };
    }

    /// <exception cref="ModelException">Something of the network is said that no family can be built with.</exception>
    internal void RequireUnderstood()
    {
        if (_unknown is not null)
        {
            throw new ModelException($"{FileName}: {_unknown} is not understood; export the network to ONNX: torch.onnx.export(m, x, "
                + "\"m.onnx\")");
        }
    }

    private static TimmSettings With(TimmSettings settings, JsonProperty argument, List<string> unknown)
    {
        string? text = argument.Value.ValueKind == JsonValueKind.String ? argument.Value.GetString() : null;
        switch (argument.Name)
        {
            case "act_layer" when text is not null:
                return settings with { Activation = text };
            case "pad_type" when text is "same" or "":
                return settings with { SamePadding = text == "same" };
            case "bn_eps" or "norm_eps" when argument.Value.ValueKind == JsonValueKind.Number:
                return settings with { Epsilon = argument.Value.GetDouble() };
            case "global_pool" when text is "avg" or "":
                return settings;
        }

        if (!Shown.Contains(argument.Name) && argument.Value.ValueKind != JsonValueKind.Null)
        {
            unknown.Add($"model_args '{Text.OneLine(argument.Name)}'");
        }

        return settings;
    }

    /// <summary>timm's evaluation: the side that the crop is cut from is ⌊size / crop_pct⌋.</summary>
    private static Preprocessing? Preparation(JsonElement cfg, List<string> assumptions)
    {
        if (Numbers(cfg, "input_size") is not [var channels, var height, var width])
        {
            return null;
        }

        if (channels is not (1 or 3) || !IsSide(height) || !IsSide(width))
        {
            throw new ModelException($"input_size [{channels}, {height}, {width}], expected 1 or 3 channels and 1 to 4096 pixels a side");
        }

        double crop = Member(cfg, "crop_pct", JsonValueKind.Number)?.GetDouble() ?? 0.875;
        if (crop is not (> 0.1 and <= 1))
        {
            throw new ModelException($"crop_pct {crop}, expected above 0.1 and at most 1");
        }

        string mode = String(cfg, "crop_mode") ?? "center", filter = String(cfg, "interpolation") ?? "bilinear";
        Interpolation? interpolation = Interpolation.All.FirstOrDefault(i => i.Name == filter);
        if (mode is not ("center" or "squash") || interpolation is null)
        {
            assumptions.Add($"images are resized with bicubic interpolation and cut out of the middle: the {FileName} says "
                + $"{Text.OneLine(filter)}, {Text.OneLine(mode)}, which is not known (options 'interpolation', 'stretch')");
        }

        var preparation = new Preprocessing
        {
            InputSize = (int)height,
            InputWidth = height == width ? null : (int)width,
            ResizeShorterSide = (int)Math.Floor(Math.Max(height, width) / crop),
            Interpolation = interpolation ?? Interpolation.Bicubic,
            Stretch = mode == "squash",
            Mean = Three(cfg, "mean") ?? Preprocessing.ImageNet.Mean,
            Deviation = Three(cfg, "std") ?? Preprocessing.ImageNet.Deviation,
        };
        return channels == 1 ? preparation.Grey() : preparation;

        static bool IsSide(double side) => side is >= 1 and <= 4096 && side == Math.Floor(side);
    }

    private static ImmutableArray<float>? Three(JsonElement cfg, string name) => Numbers(cfg, name) switch
    {
        null => null,
        [_, _, _] three when three.All(double.IsFinite) => [.. three.Select(v => (float)v)],
        var other => throw new ModelException($"{name} has {other.Length} numbers, expected 3"),
    };

    /// <summary>The labels: descriptions where there are some, else names.</summary>
    private static ImmutableArray<string>? ClassNames(JsonElement root, JsonElement cfg)
    {
        if ((Member(root, "label_names", JsonValueKind.Array) ?? Member(cfg, "label_names", JsonValueKind.Array)) is not { } list)
        {
            return null;
        }

        JsonElement? descriptions =
            Member(root, "label_descriptions", JsonValueKind.Object) ?? Member(cfg, "label_descriptions", JsonValueKind.Object);
        return [.. list.EnumerateArray().Select(l => l.ValueKind == JsonValueKind.String ? l.GetString()! : l.GetRawText())
            .Select(name => descriptions is { } all && String(all, name) is { } text ? text : name)];
    }

    private static JsonElement? Member(JsonElement of, string name, JsonValueKind kind) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind ? value : null;

    private static string? String(JsonElement of, string name) => Member(of, name, JsonValueKind.String)?.GetString();

    private static double[]? Numbers(JsonElement of, string name) =>
        Member(of, name, JsonValueKind.Array) is { } array && array.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number)
            ? [.. array.EnumerateArray().Select(v => v.GetDouble())] : null;
}
