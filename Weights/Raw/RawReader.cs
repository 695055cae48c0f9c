using System.Collections.Immutable;
using System.Security.Cryptography;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Weights.Raw;

/// <summary>
/// Opens raw tensor folders. Nothing in them is trusted: all that is wrong ends in one <see cref="ModelException"/> that names the folder.
/// </summary>
internal static class RawReader
{
    /// <summary>Reads and checks the description, without looking at the data file but for its size.</summary>
    internal static RawDescription Describe(string folder) => Guard(folder, () =>
    {
        byte[] json = ReadDocument(folder);
        RawDocument document = RawJson.Read(json);
        var data = new FileInfo(Path.Combine(folder, RawFormat.TensorFile));
        if (!data.Exists)
        {
            throw new ModelException($"{RawFormat.TensorFile} is missing");
        }

        DocumentChecks.Check(document);
        Dictionary<string, TensorSlot> slots = TensorTable.Check(document, data.Length);
        return new RawDescription(folder, document, slots, Convert.ToHexStringLower(SHA256.HashData(json)));
    });

    /// <summary>Maps the data and builds the network on it.</summary>
    internal static Network Open(string folder)
    {
        RawDescription description = Describe(folder);
        return Guard(folder, () =>
        {
            var data = new MappedFile(Path.Combine(folder, RawFormat.TensorFile));
            if (data.Length < description.Slots.Values.Max(s => s.Offset + s.Length))
            {
                throw new ModelException($"{RawFormat.TensorFile} changed while it was opened");
            }

            return Build(description, slot => new Weight(slot.Name, slot.Shape, slot.Type, data.Address + (nint)slot.Offset, data));
        });
    }

    private static Network Build(RawDescription description, Func<TensorSlot, Weight> map)
    {
        RawDocument document = description.Document;
        var weights = description.Slots.ToDictionary(s => s.Key, s => map(s.Value), StringComparer.Ordinal);
        var builder = new NetworkBuilder(((Input)document.Architecture[0].Layer).Channels);
        foreach (RawNode node in document.Architecture.Skip(1))
        {
            builder.Add(node.Name, node.Layer, node.Inputs.AsSpan(), [.. node.Tensors.Select(t => weights[t])]);
        }

        Preprocessing preparation = document.Preprocessing.Preparation(document.InputSize, document.InputWidth);
        Network network = document.IsClassifier
            ? builder.Build(
                document.Name, preparation, new Labels(document.Labels), description.Hash, document.OutputActivation)
            : builder.BuildWithoutClasses(document.Name, preparation, description.Hash);
        CheckMemory(network);
        return network;
    }

    private static void CheckMemory(Network network)
    {
        ImmutableArray<Shape> shapes = network.OwnShapes;
        UInt128 total = 0;
        foreach (Node node in network.Nodes)
        {
            long count = shapes[node.Id].Count;
            total += (UInt128)count * sizeof(float);
            if (count > Array.MaxLength || total > RawFormat.MaxActivationBytes)
            {
                throw new ModelException($"layer '{node.Name}' with output {shapes[node.Id]} takes more memory than a model may");
            }
        }
    }

    private static byte[] ReadDocument(string folder)
    {
        string path = Path.Combine(folder, RawFormat.DocumentFile);
        if (!File.Exists(path))
        {
            throw new ModelException($"{RawFormat.DocumentFile} is missing: not a converted model; make one with 'convert'");
        }

        using FileStream stream = File.OpenRead(path);
        if (stream.Length > RawFormat.MaxDocumentBytes)
        {
            throw new ModelException($"{RawFormat.DocumentFile} has {stream.Length} bytes, expected at most {RawFormat.MaxDocumentBytes}");
        }

        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return json;
    }

    private static T Guard<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ModelException e)
        {
            throw new ModelException($"{folder}: {e.Message}", e);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new ModelException($"{folder}: the shapes of its layers are too large", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{folder}: cannot read the model: {Text.OneLine(e.Message)}", e);
        }
    }
}

/// <summary>A checked description of a raw tensor folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Document">What its <c>model.json</c> says.</param>
/// <param name="Slots">Its tensors by name.</param>
/// <param name="Hash">SHA-256 of <c>model.json</c>, which contains that of every tensor.</param>
internal sealed record RawDescription(string Folder, RawDocument Document, Dictionary<string, TensorSlot> Slots, string Hash);
