namespace Interp.Engine.Arithmetic;

/// <summary>Real planes <c>[H,W]</c> and the half of their spectra that says everything, <c>[H, W/2 + 1]</c>, both scaled by
/// 1/√(HW).</summary>
internal interface IPlaneFourier
{
    /// <summary>Columns of a spectrum: W/2 + 1.</summary>
    int Half { get; }

    /// <summary>The plane of a spectrum.</summary>
    void Inverse(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> plane);

    /// <summary>The spectrum of a plane.</summary>
    void Forward(ReadOnlySpan<float> plane, Span<float> re, Span<float> im);

    /// <summary>The transpose of <see cref="Inverse"/>.</summary>
    void InverseTransposed(ReadOnlySpan<float> plane, Span<float> re, Span<float> im);
}
