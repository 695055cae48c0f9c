using System.Text.Json;
using Interp.Engine.Tensors;

namespace Interp.Tests.Support;

/// <summary>
/// A model with an input and what its framework makes of it: <c>input.npy</c>, <c>logits.npy</c> or <c>scores.npy</c>, <c>grad.npy</c>,
/// and, where there is <c>answers.json</c>, what else is known.
/// </summary>
internal sealed class FixtureFolder
{
    private readonly string _path;

    public FixtureFolder(string path)
    {
        _path = path;
        using JsonDocument document = JsonDocument.Parse(File.Exists(this["answers.json"]) ? File.ReadAllText(this["answers.json"]) : "{}");
        Answers = document.RootElement.Clone();
    }

    /// <summary>The folder's own name.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>What is known.</summary>
    public JsonElement Answers { get; }

    /// <summary>The place of the output whose gradient this is.</summary>
    public int Target => Answers.GetProperty("target").GetInt32();

    /// <summary>How far scores may be off, relative to their norm: what rounding to float32 makes a few layers deep, if nothing else is
    /// known.</summary>
    public double Tolerance => Answers.TryGetProperty("tolerance", out JsonElement given) ? given.GetDouble() : 1e-5;

    /// <summary>The path of a file.</summary>
    public string this[string file] => Path.Combine(_path, file);

    /// <summary>The folders in one beside the clone, in order.</summary>
    public static FixtureFolder[] Shared(string relative) =>
        [.. Directory.GetDirectories(SharedFolder.Find(relative)).Order(StringComparer.Ordinal).Select(f => new FixtureFolder(f))];

    /// <summary>Whether there is an array of that name.</summary>
    public bool Has(string name) => File.Exists(this[name + ".npy"]);

    /// <summary>An array.</summary>
    public (Shape Shape, float[] Values) Array(string name) => Npy.Read(this[name + ".npy"]);

    /// <summary>An array's values.</summary>
    public float[] Values(string name) => Array(name).Values;

    public override string ToString() => _path;
}
