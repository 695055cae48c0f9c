namespace Interp.Engine.Arithmetic;

/// <summary>
/// Many variations of an image on their way through a network: their values are made where the network reads them, and what comes of them
/// is summed where it leaves it, so that a device sends one map at the end. Arrays that terms name are taken as they are when first seen.
/// </summary>
internal interface ISampleStream : IMoments
{
    /// <summary>Writes a batch of inputs, a row for each point.</summary>
    /// <param name="points">As many as the batch has rows.</param>
    /// <param name="inputs">Where a session of the same backend reads them.</param>
    void Fill(ReadOnlySpan<LinePoint> points, HeldValues inputs);

    /// <summary>
    /// Takes the gradients of a batch: Σ_j f_j·w_j ⊙ g_j over so many terms that follow one another is one sample of the moments, summed in
    /// float64 in the order of the terms.
    /// </summary>
    /// <param name="terms">A term for each row; the points' gradients were taken at them.</param>
    /// <param name="each">How many terms make a sample; the same number in each call.</param>
    /// <param name="gradients">Where a session of the same backend has left them.</param>
    void Add(ReadOnlySpan<GradientTerm> terms, int each, HeldValues gradients);
}
