using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>Reads an objective from text.</summary>
public static class ObjectiveParser
{
    /// <summary>The objective that a text stands for.</summary>
    /// <exception cref="InputException">The text cannot be understood.</exception>
    public static Objective Parse(string text, Network network, ObjectiveSources? sources = null) => throw new InputException($"objective '{text}': {network.Name} {sources}");
}
