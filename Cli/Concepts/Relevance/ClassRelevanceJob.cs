using System.Text;
using System.Text.Json.Serialization;
using Interp.Cli.Examples;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>
/// Which channels of a layer the classes use: of each photo the channels' shares of its own top class's logit, averaged by class, and in
/// how many photos of each class a channel is among the most relevant. Made unless it is there already.
/// </summary>
internal sealed class ClassRelevanceJob
{
    private const int MostRelevant = 10;
    private const string SharesName = "shares.npy", HitsName = "hits.npy", TableName = "photos.csv";
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly Node _layer;
    private readonly InputList _inputs;
    private readonly ResultFolder<ClassRelevanceManifest> _folder;
    private readonly string _settings;

    internal ClassRelevanceJob(Invocation run, Explainer explainer, Node layer, InputList inputs, string root)
    {
        (_run, _explainer, _layer, _inputs) = (run, explainer, layer, inputs);
        _folder = new ResultFolder<ClassRelevanceManifest>(
            Path.Combine(root, $"{SafeName.Of(layer.Name)}-relevance"), ClassRelevanceJson.Strict.ClassRelevanceManifest);
        _settings = SettingsHash.Of(
        [
            explainer.Network.Name, explainer.Network.Hash, layer.Name, .. RelevanceFlags.Settings(ConceptRelevance.DefaultComposite),
            $"{MostRelevant}", .. SettingsHash.Engine(run, explainer.Backend.Info), .. inputs.Files.Select(SettingsHash.OfFile),
        ]);
    }

    /// <summary>What is known already; null where nothing is.</summary>
    internal ClassRelevance? Existing() => _folder.Existing(_settings) is not { } manifest ? null
        : new ClassRelevance(manifest, Npy.Read(Path.Combine(_folder.Path, SharesName)).Values,
            Npy.Read(Path.Combine(_folder.Path, HitsName)).Values);

    /// <summary>Explains every photo.</summary>
    /// <exception cref="InputException">No rule fits, the classes do not depend on the layer, or no photo could be used.</exception>
    internal void Work(Failures failures)
    {
        RelevanceFlags.RequireClasses(_explainer.Network, "relevance");
        int classes = _explainer.Network.Classes, channels = _explainer.Network.OwnShapes[_layer.Id][1];
        int most = Math.Min(MostRelevant, channels);
        double[] shares = new double[classes * channels];
        float[] hits = new float[classes * channels];
        var table = new CsvTable();
        table.Add(["image", "class", "label"]);
        int[] photos = new int[classes];
        var all = new RelevancePhotos(_run, new ConceptRelevance(_explainer, _layer), _inputs, 1, failures, Take);
        if (all.Seen.Count == 0)
        {
            throw new InputException($"relevance of {_layer.Name}: no image could be used");
        }

        for (int c = 0; c < classes; c++)
        {
            for (int k = 0; k < channels && photos[c] > 0; k++)
            {
                shares[(c * channels) + k] /= photos[c];
            }
        }

        Write(shares, hits, photos, most, table);

        void Take(Photo photo, ChannelRelevance found)
        {
            int row = photo.Own.Id * channels;
            photos[photo.Own.Id]++;
            table.Add([photo.Path, $"{photo.Own.Id}", _explainer.Network.Labels[photo.Own.Id]]);
            for (int k = 0; k < channels; k++)
            {
                shares[row + k] += found.Share(k);
            }

            foreach (int k in photo.Ranking.Take(most))
            {
                hits[row + k]++;
            }
        }
    }

    private void Write(double[] shares, float[] hits, int[] photos, int most, CsvTable table)
    {
        Network network = _explainer.Network;
        var shape = new Shape(network.Classes, hits.Length / network.Classes);
        _folder.Begin(_settings);
        _folder.Add(SharesName, s => Npy.Write(s, shape, Array.ConvertAll(shares, v => (float)v)));
        _folder.Add(HitsName, s => Npy.Write(s, shape, hits));
        _folder.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(table.ToString())));
        string[] files = [SharesName, HitsName, TableName];
        _folder.Settle(new ClassRelevanceManifest
        {
            Settings = _settings,
            Model = network.Name,
            ModelHash = network.Hash,
            Layer = _layer.Name,
            Composite = ConceptRelevance.DefaultComposite,
            Most = most,
            Channels = shape[1],
            Photos = photos,
            Files = files,
            Sha256 = _folder.SumsOf(files),
        });
    }
}

/// <summary>How the classes' relevance was measured: <c>manifest.json</c>.</summary>
internal sealed record ClassRelevanceManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    public required string Composite { get; init; }

    /// <summary>How many of a photo's channels count as most relevant.</summary>
    public required int Most { get; init; }

    public required int Channels { get; init; }

    /// <summary>Of each class the photos that have it as their top class.</summary>
    public required IReadOnlyList<int> Photos { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>Results of it.</summary>
[JsonSerializable(typeof(ClassRelevanceManifest))]
internal sealed partial class ClassRelevanceJson : JsonSerializerContext
{
    internal static ClassRelevanceJson Strict { get; } = new(JsonStyle.Strict());
}
