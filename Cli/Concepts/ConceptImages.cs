using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Concepts;

/// <summary>The images of a concept test: charts, photos of a class in the order of their sensitivity to a concept, and maps of
/// photos.</summary>
/// <param name="run">The command's run.</param>
/// <param name="explainer">The network, and where it runs.</param>
/// <param name="layer">The layer.</param>
/// <param name="result">What was found.</param>
/// <param name="sources">The photos.</param>
/// <param name="manifest">The same for files.</param>
/// <param name="add">Takes a file.</param>
internal sealed class ConceptImages(
    Invocation run, Explainer explainer, Node layer, ConceptTestResult result, ConceptSources sources, ConceptTestManifest manifest,
    Action<string, Action<Stream>> add)
{
    private const int AtEachEnd = 9, Side = 96;
    private readonly List<(string Photo, string Class, string Concept, double Sensitivity, RgbImage Overlay)> _maps = [];

    /// <summary>The sheets, by class and concept.</summary>
    internal Dictionary<(int Class, string Concept), RgbImage> Sorted { get; } = [];

    /// <summary>The maps that were asked for.</summary>
    internal IReadOnlyList<(string Photo, string Class, string Concept, double Sensitivity, RgbImage Overlay)> Maps => _maps;

    /// <summary>Makes and writes all of them.</summary>
    internal void Write()
    {
        var names = new OutputNames();
        string[] folders = [.. result.Classes.Select(c => names.Take($"{TargetWords.Short(c.Label)}.png", null))];
        for (int c = 0; c < folders.Length; c++)
        {
            Chart chart = ConceptChart.Of(manifest, manifest.Classes[c]);
            add($"{folders[c]}/tcav.svg", s => s.Write(Encoding.UTF8.GetBytes(chart.Svg())));
            add($"{folders[c]}/tcav.png", s => ImageFile.WritePng(s, chart.Png()));
            WriteSorted(result.Classes[c], sources.Classes[c].Photos, folders[c]);
        }

        var photos = new OutputNames();
        foreach (string path in run.Get(ConceptTestFlags.Map) ?? [])
        {
            NetworkInput photo = NetworkInput.Read(path, explainer.Network, run.Cancel)[0];
            string folder = photos.Take(path, null);
            add($"maps/{folder}/input.png", s => ImageFile.WritePng(s, photo.Image));
            for (int c = 0; c < folders.Length; c++)
            {
                WriteMaps(photo, result.Classes[c], $"maps/{folder}/{folders[c]}");
            }
        }
    }

    private void WriteSorted(ClassConcepts found, ImageSet photos, string folder)
    {
        RgbImage[] small = new RgbImage[found.Images.Length];
        Dictionary<string, int> place = photos.Images.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i);
        InParallel.Each(Enumerable.Range(0, small.Length), run.Get(SharedOptions.Threads), i =>
        {
            RgbImage image = photos.Read(place[found.Images[i]], run.Cancel).Image;
            small[i] = ExampleImages.Cut(image, new PixelBox(0, 0, image.Width, image.Height), Side);
        }, run.Cancel);
        var names = new OutputNames();
        foreach (ConceptScore score in found.Scores)
        {
            int[] order = [.. Enumerable.Range(0, small.Length).OrderByDescending(i => score.Sensitivities[i])];
            int ends = Math.Min(AtEachEnd, (order.Length + 1) / 2);
            RgbImage sheet = ExampleImages.Sheet(
                [.. order[..ends].Select(i => small[i])], [.. order[ends..].TakeLast(ends).Reverse().Select(i => small[i])]);
            Sorted[(found.Class, score.Concept)] = sheet;
            add($"{folder}/{names.Take($"{score.Concept}.png", null)}-sorted.png", s => ImageFile.WritePng(s, sheet));
        }
    }

    private void WriteMaps(NetworkInput photo, ClassConcepts found, string folder)
    {
        ImageOptions images = new();
        var names = new OutputNames();
        foreach (ConceptMap map in ConceptMap.Of(
            explainer, layer, photo, new ClassTarget(found.Class, run.Get(TargetFlags.Probability)), result.Concepts, run.Cancel))
        {
            string name = $"{folder}/{names.Take($"{map.Concept}.png", null)}";
            foreach ((string kind, RgbImage image) in AttributionImages.Render(map.Enlarged, AttributionKind.SignedMap, photo.Image,
                images).Images)
            {
                add($"{name}/{kind}.png", s => ImageFile.WritePng(s, image));
                if (kind == "overlay")
                {
                    _maps.Add((photo.Path, found.Label, map.Concept, map.Sensitivity, image));
                }
            }

            add($"{name}/attribution.npy", s => Npy.Write(s, new Shape(1, photo.Image.Height, photo.Image.Width), map.Enlarged));
            add($"{name}/map.npy", s => Npy.Write(s, new Shape(1, map.Height, map.Width), map.Values));
        }
    }
}
