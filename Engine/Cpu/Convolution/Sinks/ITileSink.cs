namespace Interp.Engine.Cpu.Convolution.Sinks;

/// <summary>
/// What happens to a convolution's results while they are still in cache. Sinks write to different places for different results, so threads
/// may share one.
/// </summary>
internal unsafe interface ITileSink
{
    /// <summary>Rows and columns of a result must come in multiples of this, from a multiple of it on.</summary>
    static abstract int Step { get; }

    /// <summary>Takes a rectangle of finished results of one block of sixteen channels.</summary>
    /// <param name="tile">The first vector.</param>
    /// <param name="tileRow">Floats from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="image">The image's number.</param>
    /// <param name="block">The block of channels.</param>
    /// <param name="row">The first row's place in the image.</param>
    /// <param name="column">The first column's place.</param>
    void Write(float* tile, nint tileRow, int rows, int columns, int image, int block, int row, int column);
}
