namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>A function f(⟨a,v⟩, ‖a‖²) of a vector a, and its derivatives: ∂f/∂a = ByDot·v + 2·BySquare·a.</summary>
internal readonly record struct Similarity(double Value, double ByDot, double BySquare)
{
    private const double LeastCosine = 0.1;

    /// <summary>⟨a,v⟩·max(0.1, cos)^p with cos = ⟨a,v⟩ / (‖a‖·‖v‖), 0 for a zero vector; ⟨a,v⟩ itself for p = 0. lucid's
    /// <c>_dot_cossim</c>.</summary>
    internal static Similarity Power(double dot, double square, double vectorSquare, double power)
    {
        if (power == 0)
        {
            return new Similarity(dot, 1, 0);
        }

        double cosine = Cosine(dot, square, vectorSquare).Value;
        double factor = Math.Pow(Math.Max(LeastCosine, cosine), power);
        return cosine > LeastCosine
            ? new Similarity(dot * factor, (1 + power) * factor, -power / 2 * dot * factor / square)
            : new Similarity(dot * factor, factor, 0);
    }

    /// <summary>⟨a,v⟩ / (‖a‖·‖v‖); 0 with no gradient for a zero vector.</summary>
    internal static Similarity Cosine(double dot, double square, double vectorSquare)
    {
        double norms = Math.Sqrt(square) * Math.Sqrt(vectorSquare);
        return norms > 0 ? new Similarity(dot / norms, 1 / norms, -dot / norms / square / 2) : default;
    }
}
