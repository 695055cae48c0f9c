using Interp.Engine.Common;

namespace Interp.Weights.Onnx.Wire;

/// <summary>
/// Counts the memory that is made of a file, so that a small file cannot become a large graph: what two bytes of a hostile file can stand
/// for (an empty node, a call of a function that calls others) is refused once it exceeds the file's size and a fixed amount.
/// </summary>
/// <param name="fileLength">The file's size in bytes.</param>
internal sealed class ReadBudget(long fileLength)
{
    /// <summary>Estimated bytes that every file may take.</summary>
    private const long Fixed = 48L << 20;

    private long _left = Fixed + fileLength;

    /// <summary>Takes an estimated number of bytes.</summary>
    /// <exception cref="ModelException">More than the file may take.</exception>
    internal void Take(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw new ModelException($"its graph takes far more memory than a file of {fileLength} bytes should (at most"
                + $" {Fixed + fileLength} bytes); the file is damaged or made to exhaust memory: fetch or export it again");
        }
    }
}
