using Interp.Engine.Common;

namespace Interp.Weights.Graphs;

/// <summary>A format of files that hold a whole network: its operators and its parameters.</summary>
internal interface IGraphFormat
{
    /// <summary>Its name: <c>onnx</c>.</summary>
    string Name { get; }

    /// <summary>Whether a file that starts with these bytes (up to 512) is of this format; a format that shares its container with others
    /// may look into the file.</summary>
    bool Matches(string path, ReadOnlySpan<byte> head);

    /// <summary>Opens a file of this format and reads its graph; parameters are read when they are asked for.</summary>
    /// <exception cref="ModelException">The file is damaged or holds something that is not allowed; one line says what.</exception>
    OperatorGraph Open(string path);
}
