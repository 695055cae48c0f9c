using Interp.Tests.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx;

namespace Interp.Tests.Weights.Onnx;

/// <summary>Reads what it has written.</summary>
internal static partial class Model
{
    /// <summary>Opens a file of these bytes and looks at its graph while it is open.</summary>
    internal static T Open<T>(Proto model, Func<OperatorGraph, T> look)
    {
        using var file = new ScratchFile(model.Bytes, "model.onnx");
        using OperatorGraph graph = new OnnxFormat().Open(file.Path);
        return look(graph);
    }

    /// <summary>A file of these bytes is refused in one line that begins with its path and holds the given words.</summary>
    internal static void Refuses(byte[] content, params string[] words)
    {
        using var file = new ScratchFile(content, "model.onnx");
        string message = Errors.Of<Interp.Engine.Common.ModelException>(() => new OnnxFormat().Open(file.Path).Dispose(), words).Message;
        Assert.StartsWith(file.Path + ": ", message);
        Assert.IsLessThan(file.Path.Length + 700, message.Length, message);
    }

    internal static void Refuses(Proto model, params string[] words) => Refuses(model.Bytes, words);
}
