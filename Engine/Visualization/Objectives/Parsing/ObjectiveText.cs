using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>Names as <see cref="ObjectiveParser"/> reads them back.</summary>
internal static class ObjectiveText
{
    /// <summary>The word for the centre of a map.</summary>
    internal const string Center = "c";

    /// <summary>A layer's name, in quotes if it would be taken for something else.</summary>
    internal static string Layer(Node node) =>
        ObjectiveReader.IsWord(node.Name) && !char.IsDigit(node.Name[0]) && !IsReserved(node.Name) ? node.Name : Quoted(node.Name);

    /// <summary>A file's path, in quotes if it would not end where it does.</summary>
    internal static string Argument(string path) =>
        path.Length > 0 && path.Trim() == path && !path.AsSpan().ContainsAny(",()\"") ? path : Quoted(path);

    private static bool IsReserved(string name) =>
        name == Center || ObjectiveCatalog.All.Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"")}\"";
}
