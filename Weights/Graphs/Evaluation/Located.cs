using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Errors that say at which operator they happened.</summary>
internal static class Located
{
    /// <summary>Whether an error does not say yet where it happened.</summary>
    internal static bool IsBare(ModelException error) => !error.Message.StartsWith("operator ", StringComparison.Ordinal);

    /// <summary>The same error, at an operator.</summary>
    internal static ModelException At(OperatorNode node, ModelException error) => new($"{node.Where}: {error.Message}", error);
}
