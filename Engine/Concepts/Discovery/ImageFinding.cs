namespace Interp.Engine.Concepts.Discovery;

/// <summary>What one set of directions does on one image.</summary>
/// <param name="Rebuilt">The class where the layer's output is replaced by its sum of parts.</param>
/// <param name="Parts">E[Var(z_c | all others)] of each direction.</param>
/// <param name="Variance">Var z_c.</param>
/// <param name="Missing">‖A − UW‖² over the image's places.</param>
internal sealed record BasisFinding(ClassAnswer Rebuilt, double[] Parts, double Variance, double Missing);

/// <summary>What was found on one image.</summary>
/// <param name="U">The concepts' maps, <c>[rank,places]</c>.</param>
/// <param name="Own">The class on the layer's own output.</param>
/// <param name="Squares">‖A‖² over its places.</param>
/// <param name="Concepts">What the concepts do.</param>
/// <param name="Effect">What each concept adds to the logit: that of all parts less that of all others.</param>
/// <param name="Random">What each set of random directions does.</param>
internal sealed record ImageFinding(
    float[] U, ClassAnswer Own, double Squares, BasisFinding Concepts, double[] Effect, BasisFinding[] Random)
{
    /// <summary>S_T of a concept.</summary>
    internal double Importance(int concept) => Share(Concepts.Parts[concept]);

    /// <summary>What S_T a random direction would have among the concepts: its part, over the variance that the concepts give.</summary>
    internal double RandomImportance(int set, int direction) => Share(Random[set].Parts[direction]);

    private double Share(double part) => Concepts.Variance > 0 ? part / Concepts.Variance : 0;
}
