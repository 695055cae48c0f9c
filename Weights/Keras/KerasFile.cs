using System.Text;
using System.Text.Json;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.Hdf5;
using Interp.Weights.Formats.PyTorch;

namespace Interp.Weights.Keras;

/// <summary>
/// A file that holds a whole model: a zip archive with <c>config.json</c>, <c>metadata.json</c> and <c>model.weights.h5</c>, or an HDF5
/// file with the configuration as an attribute.
/// </summary>
internal sealed class KerasFile : IDisposable
{
    internal const string Configuration = "config.json";
    internal const string Weights = "model.weights.h5";
    private const string Metadata = "metadata.json";
    private const int MaxText = 1 << 26;
    private const string Advice = "save the whole model: model.save('net.keras')";
    private readonly WeightFile _file;
    private readonly JsonDocument _configuration;

    private KerasFile(WeightFile file, bool isArchive)
    {
        _file = file;
        IsArchive = isArchive;
        string? version;
        if (IsArchive)
        {
            var zip = ZipDirectory.Read(file);
            (long position, long size) = Locate(zip, Weights);
            Data = Hdf5File.Open(file, position, size);
            _configuration = Parse(ReadText(zip, Configuration));
            using JsonDocument metadata = Parse(ReadText(zip, Metadata));
            version = Json.Text(metadata.RootElement, "keras_version");
        }
        else
        {
            Data = Hdf5File.Open(file, 0, file.Length);
            Hdf5Attributes attributes = Data.Root.Attributes;
            _configuration = Parse(attributes.Text("model_config") ?? throw NoModel());
            version = attributes.Text("keras_version") ?? Data.Root.Group("model_weights")?.Attributes.Text("keras_version");
        }

        string number = version?.Split('.')[0] ?? "";
        Major = number is "2" or "3" ? number[0] - '0' : throw file.Error(
            $"is of Keras version '{Text.OneLine(version ?? "unknown")}', expected 2 or 3; load it there and {Advice}");
        Version = Text.OneLine(version!);
    }

    /// <summary>Whether it is a <c>.keras</c> archive.</summary>
    internal bool IsArchive { get; }

    /// <summary>The version of Keras that wrote it.</summary>
    internal string Version { get; }

    /// <summary>Its first number.</summary>
    internal int Major { get; }

    /// <summary>The model's configuration.</summary>
    internal JsonElement Model => _configuration.RootElement;

    /// <summary>The arrays.</summary>
    internal Hdf5File Data { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelException">It holds no whole model, or is damaged.</exception>
    internal static KerasFile Open(string path)
    {
        bool isArchive = !WeightFile.HeadOf(path).AsSpan().StartsWith(Hdf5File.Signature);
        WeightFile file = isArchive ? ZipUnpacker.Open(path, n => n is Configuration or Metadata or Weights) : WeightFile.Open(path);
        try
        {
            return new KerasFile(file, isArchive);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a zip archive with these entries holds a Keras model.</summary>
    internal static bool IsKerasArchive(IReadOnlyCollection<string> entries) =>
        entries.Contains(Configuration) && (entries.Contains(Weights) || entries.Contains(Metadata));

    /// <summary>The arrays of the model's layers.</summary>
    internal KerasStore Store(KerasModel model) => IsArchive ? new ArchiveStore(() => Data.Root, model)
        : new WholeModelStore(Data.Root.Group("model_weights") ?? throw NoModel());

    /// <inheritdoc/>
    public void Dispose()
    {
        _configuration.Dispose();
        _file.Dispose();
    }

    private ModelException NoModel()
    {
        Hdf5Group root = Data.Root;
        bool isKeras = root.Attributes.Names.Any(n => n.StartsWith("layer_names", StringComparison.Ordinal))
            || root.Names.Any(n => n is "layers" or "_layer_checkpoint_dependencies" or "model_weights");
        return _file.Error(isKeras ? $"holds a Keras model's weights and not its layers; {Advice}"
            : $"is an HDF5 file without a Keras model; {Advice}");
    }

    private (long Position, long Size) Locate(ZipDirectory zip, string name) =>
        zip.Locate(name) ?? throw _file.Error($"is a Keras archive without {name}; {Advice}");

    private string ReadText(ZipDirectory zip, string name)
    {
        (long position, long size) = Locate(zip, name);
        if (size > MaxText)
        {
            throw _file.Error($"its {name} has {size} bytes, expected at most {MaxText}");
        }

        var bytes = new byte[size];
        _file.Read(position, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 256 });
        }
        catch (JsonException e)
        {
            throw _file.Error($"its configuration is not usable JSON: {Text.OneLine(e.Message)}; save the model again", e);
        }
    }
}
