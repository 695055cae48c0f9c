namespace Interp.Weights.Onnx.Messages;

/// <summary>ONNX's message of the same name: its numbers stay in the file.</summary>
internal sealed class TensorProto
{
    internal string Name { get; set; } = "";

    internal List<long> Dims { get; } = [];

    internal int DataType { get; set; }

    /// <summary>Whether it is one segment of a larger tensor.</summary>
    internal bool IsSegment { get; set; }

    /// <summary>Where <c>raw_data</c> begins, and its bytes; null without.</summary>
    internal (long Position, long Length)? Raw { get; set; }

    /// <summary>How many numbers each of the fields 4 (float), 5 (int32), 7 (int64), 10 (double), 11 (uint64) holds; 6 is text.</summary>
    internal SortedDictionary<int, long> Counts { get; } = [];

    /// <summary>Where the message is; more than one place where it is stored in parts.</summary>
    internal List<(long Position, long Length)> Places { get; } = [];

    /// <summary>Where external data is: <c>location</c>, <c>offset</c>, <c>length</c>; null without.</summary>
    internal Dictionary<string, string>? External { get; set; }

    /// <summary>0 in the file itself, 1 in another one.</summary>
    internal int DataLocation { get; set; }
}

/// <summary>ONNX's message of the same name: the values that are not zero, and where they are.</summary>
internal sealed class SparseTensorProto
{
    internal TensorProto? Values { get; set; }

    internal TensorProto? Indices { get; set; }

    internal List<long> Dims { get; } = [];
}
