using System.Text.Json.Serialization;
using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Cli.Examples;

/// <summary>What the removal of each of some channels of a layer does to the predictions of some images, unless it is known already: one
/// pass over the images for all of them.</summary>
internal sealed class RemovalJob
{
    private const string ChangesName = "changes.npy", TableName = "removal.csv";
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly UnitChoice _choice;
    private readonly InputList _inputs;
    private readonly ResultFolder<RemovalManifest> _folder;
    private readonly string _settings;

    internal RemovalJob(Invocation run, Explainer explainer, UnitChoice choice, InputList inputs, string root)
    {
        (_run, _explainer, _choice, _inputs) = (run, explainer, choice, inputs);
        _folder = new ResultFolder<RemovalManifest>(
            Path.Combine(root, $"{SafeName.Of(choice.Layer.Name)}-removal"), RemovalJson.Strict.RemovalManifest);
        _settings = TopImagesManifest.SettingsOf(run, explainer.Network, explainer.Backend, choice, inputs, "removal to 0");
    }

    /// <summary>What is known already; null where nothing is.</summary>
    internal RemovalManifest? Existing() => _folder.Existing(_settings);

    /// <summary>For each channel the mean change of every class's logit, <c>[channels,classes]</c>.</summary>
    internal float[] Changes() => Npy.Read(Path.Combine(_folder.Path, ChangesName)).Values;

    /// <summary>Measures.</summary>
    /// <exception cref="InputException">The network cannot be run without a channel of the layer, or no image could be used.</exception>
    internal void Work(Failures failures)
    {
        int[] channels = [.. _choice.Channels];
        var ablation = new Ablation(_explainer, _choice.Layer, channels);
        var search = new ExampleSearch(
            _run, _explainer, new LayerRun(_explainer, _choice.Layer).Activations, _inputs, new ExampleProgress([]), failures);
        search.Run((inputs, shape, activation) => ablation.Add(inputs, shape, activation, _run.Cancel));
        if (search.Progress.Images == 0)
        {
            throw new InputException($"removal of channels of {_choice.Layer.Name}: no image could be used");
        }

        Network network = _explainer.Network;
        AblationEffect[] effects = [.. ablation.Effects];
        _folder.Begin(_settings);
        var table = new CsvTable();
        table.Add(["channel", "images", "value", "changed", "top_drop"]);
        foreach ((int channel, AblationEffect e) in channels.Zip(effects))
        {
            table.Add([$"{channel}", $"{e.Images}", CsvTable.Number(e.Value), $"{e.Changed}", CsvTable.Number(e.TopDrop)]);
        }

        float[] changes = [.. effects.SelectMany(e => e.LogitChanges).Select(c => (float)c)];
        _folder.Add(ChangesName, s => Npy.Write(s, new Shape(channels.Length, network.Classes), changes));
        _folder.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(table.ToString())));
        string[] files = [ChangesName, TableName];
        _folder.Settle(new RemovalManifest
        {
            Settings = _settings,
            Model = network.Name,
            ModelHash = network.Hash,
            Layer = _choice.Layer.Name,
            Images = search.Progress.Images,
            Units = [.. channels.Zip(effects, (k, e) => new RemovedUnit(k, RemovalLine.Of(e, network.Labels)))],
            Files = files,
            Sha256 = _folder.SumsOf(files),
        });
    }
}

/// <param name="Channel">The channel.</param>
/// <param name="Removal">What its removal does.</param>
internal sealed record RemovedUnit(int Channel, RemovalLine Removal);

/// <summary>What the removal of channels does: <c>manifest.json</c>.</summary>
internal sealed record RemovalManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    /// <summary>Images it was measured on.</summary>
    public required long Images { get; init; }

    public required IReadOnlyList<RemovedUnit> Units { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>Results of removals.</summary>
[JsonSerializable(typeof(RemovalManifest))]
internal sealed partial class RemovalJson : JsonSerializerContext
{
    internal static RemovalJson Strict { get; } = new(JsonStyle.Strict());
}
