using Interp.Engine.Common;

namespace Interp.Weights.Graphs;

/// <summary>A format of files that hold a whole network: its operators and its parameters.</summary>
internal interface IGraphFormat
{
    /// <summary>Its name: <c>onnx</c>.</summary>
    string Name { get; }

    /// <summary>Whether a file is of this format.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="head">Its first bytes (up to 512).</param>
    /// <param name="entries">The names in it where it is a zip archive, which formats share; none where it is not, or is damaged.</param>
    bool Matches(string path, ReadOnlySpan<byte> head, IReadOnlyCollection<string> entries);

    /// <summary>Opens a file of this format and reads its graph; parameters are read when they are asked for.</summary>
    /// <exception cref="ModelException">The file is damaged or holds something that is not allowed; one line says what.</exception>
    OperatorGraph Open(string path);
}
