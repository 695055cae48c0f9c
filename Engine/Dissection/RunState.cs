using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;

namespace Interp.Engine.Dissection;

/// <summary>How far a dissection has come, to go on from.</summary>
/// <param name="layers">What is gathered of each layer.</param>
internal sealed class RunState(LayerState[] layers)
{
    /// <summary>Changes with what is written, so that no state of another form is read.</summary>
    private const int Form = 1;

    internal LayerState[] Layers => layers;

    /// <summary>The image that comes next.</summary>
    internal int Next { get; private set; }

    /// <summary>Images that were read, by their places in the set.</summary>
    internal List<int> Used { get; } = [];

    /// <summary>The labels of each.</summary>
    internal List<GridLabels> Labels { get; } = [];

    /// <summary>Images that could not be used, and why.</summary>
    internal SortedDictionary<int, string> Failed { get; } = [];

    /// <summary>Bytes of the labels.</summary>
    internal long LabelBytes { get; private set; }

    /// <summary>Bytes of the masks so far.</summary>
    internal long MaskBytes => layers.Sum(l => l.Masks.Bytes);

    internal bool HasThresholds => layers.All(l => l.Thresholds.Length > 0);

    /// <summary>A digest of everything that the state depends on; of files their places, sizes and times.</summary>
    internal string Owner(Network network, LabelSet set, DissectionOptions options)
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', Form, network.Name, network.Hash, set.Layout, set.Source);
        text.Append(CultureInfo.InvariantCulture, $"\n{options.Quantile:R} {options.LabelSize} {options.Examples} {options.Enlargement} ");
        text.Append('\n');
        text.AppendJoin(',', options.Channels ?? []);
        foreach (LayerState layer in layers)
        {
            text.Append('\n').Append(layer.Layer.Name).Append(layer.Tails.InMemory ? "" : " in bins");
        }

        foreach (Concept concept in set.Concepts)
        {
            text.Append('\n').Append(concept.Category).Append('\t').Append(concept.Name);
        }

        for (int i = 0; i < set.Count; i++)
        {
            text.Append('\n').Append(set.NameOf(i));
        }

        foreach (FileInfo file in set.Files.Select(f => new FileInfo(f)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{file.FullName} {(file.Exists ? file.Length : -1)} ");
            text.Append(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>An image is done.</summary>
    internal void Finish(GridImage image)
    {
        Used.Add(image.Index);
        Labels.Add(image.Labels);
        LabelBytes += image.Labels.Bytes;
        Next = image.Index + 1;
    }

    /// <summary>All images before one are done, or could not be used.</summary>
    internal void FinishBefore(int next) => Next = next;

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Next);
        StateFile.WriteArray<int>(writer, Used.ToArray());
        writer.Write(Failed.Count);
        foreach ((int index, string message) in Failed)
        {
            writer.Write(index);
            writer.Write(message);
        }

        foreach (GridLabels labels in Labels)
        {
            writer.Write(labels.Categories.Length);
            foreach (CategoryPlaces places in labels.Categories)
            {
                writer.Write(places.Category);
                Write(writer, places.Unknown);
                writer.Write(places.Concepts.Length);
                foreach (ConceptPlaces concept in places.Concepts)
                {
                    writer.Write(concept.Concept);
                    writer.Write(concept.IsWhole);
                    Write(writer, concept.Bits);
                }
            }
        }

        foreach (LayerState layer in layers)
        {
            layer.Write(writer);
        }
    }

    internal void Read(BinaryReader reader)
    {
        Next = reader.ReadInt32();
        Used.AddRange(StateFile.ReadArray<int>(reader));
        for (int n = reader.ReadInt32(); n > 0; n--)
        {
            Failed.Add(reader.ReadInt32(), reader.ReadString());
        }

        for (int i = 0; i < Used.Count; i++)
        {
            var categories = new List<CategoryPlaces>();
            for (int g = reader.ReadInt32(); g > 0; g--)
            {
                (int category, PlaneBits unknown) = (reader.ReadInt32(), ReadBits(reader));
                var concepts = new List<ConceptPlaces>();
                for (int n = reader.ReadInt32(); n > 0; n--)
                {
                    (int concept, bool isWhole) = (reader.ReadInt32(), reader.ReadBoolean());
                    concepts.Add(new ConceptPlaces(concept, ReadBits(reader), isWhole));
                }

                categories.Add(new CategoryPlaces(category, unknown, [.. concepts]));
            }

            Labels.Add(new GridLabels([.. categories]));
            LabelBytes += Labels[^1].Bytes;
        }

        foreach (LayerState layer in layers)
        {
            layer.Read(reader);
        }
    }

    private static void Write(BinaryWriter writer, PlaneBits bits)
    {
        writer.Write(bits.First);
        StateFile.WriteArray<ulong>(writer, bits.Words);
    }

    private static PlaneBits ReadBits(BinaryReader reader) => new(reader.ReadInt32(), StateFile.ReadArray<ulong>(reader));
}
