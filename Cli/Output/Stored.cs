using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Interp.Cli.Output;

/// <summary>Results in JSON files, as they are found by a later run.</summary>
internal static class Stored
{
    /// <summary>What a file holds; null if it is not there, or not of this program, or of an earlier version of it.</summary>
    internal static T? Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, type);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="Engine.Common.OutputException">It cannot be written.</exception>
    internal static void Write<T>(string path, string option, T value, JsonTypeInfo<T> type) => OutputFile.Write(path, option, s =>
    {
        JsonSerializer.Serialize(s, value, type);
        s.WriteByte((byte)'\n');
    });
}
