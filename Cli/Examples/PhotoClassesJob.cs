using System.Text;
using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Examples;
using Interp.Engine.Models;

namespace Interp.Cli.Examples;

/// <summary>Each photo's top class, unless it is known already.</summary>
internal sealed class PhotoClassesJob
{
    private const string TableName = "photos.csv";
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly InputList _inputs;
    private readonly ResultFolder<PhotoClassesManifest> _folder;
    private readonly string _settings;

    internal PhotoClassesJob(Invocation run, Explainer explainer, InputList inputs, string root)
    {
        (_run, _explainer, _inputs) = (run, explainer, inputs);
        _folder = new ResultFolder<PhotoClassesManifest>(Path.Combine(root, "photos"), PhotoClassesJson.Strict.PhotoClassesManifest);
        _settings = SettingsHash.Of(
        [
            explainer.Network.Name, explainer.Network.Hash, .. SettingsHash.Engine(run, explainer.Backend.Info),
            .. inputs.Files.Select(SettingsHash.OfFile),
        ]);
    }

    internal PhotoClassesManifest? Existing() => _folder.Existing(_settings);

    /// <summary>Runs all photos.</summary>
    internal void Work(Failures failures)
    {
        var photos = new List<PhotoClass>();
        Engine.Graph.Network network = _explainer.Network;
        var search = new ExampleSearch(
            _run, _explainer, new LayerRun(_explainer, network.Output).Activations, _inputs, new ExampleProgress([]), failures);
        search.Run((inputs, shape, logits) =>
        {
            for (int n = 0; n < inputs.Count; n++)
            {
                Prediction top = Prediction.Top(
                    logits.AsSpan(n * network.Classes, network.Classes), network.Labels, network.OutputActivation, 1)[0];
                photos.Add(new PhotoClass(inputs[n].Path, top.Class, top.Probability));
            }
        });
        _folder.Begin(_settings);
        var table = new CsvTable();
        table.Add(["image", "class", "label", "probability"]);
        foreach (PhotoClass p in photos)
        {
            table.Add([p.Image, $"{p.Class}", network.Labels[p.Class], CsvTable.Number(p.Probability)]);
        }

        _folder.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(table.ToString())));
        _folder.Settle(new PhotoClassesManifest
        {
            Settings = _settings,
            Model = network.Name,
            ModelHash = network.Hash,
            Photos = photos,
            Files = [TableName],
            Sha256 = _folder.SumsOf([TableName]),
        });
    }
}

/// <param name="Image">The file; of a file of several inputs it stands once for each.</param>
/// <param name="Class">Its top class.</param>
/// <param name="Probability">That class's probability.</param>
internal sealed record PhotoClass(string Image, int Class, double Probability);

/// <summary>What the network takes photos for: <c>manifest.json</c>.</summary>
internal sealed record PhotoClassesManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required IReadOnlyList<PhotoClass> Photos { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>Results of it.</summary>
[JsonSerializable(typeof(PhotoClassesManifest))]
internal sealed partial class PhotoClassesJson : JsonSerializerContext
{
    internal static PhotoClassesJson Strict { get; } = new(JsonStyle.Strict());
}
