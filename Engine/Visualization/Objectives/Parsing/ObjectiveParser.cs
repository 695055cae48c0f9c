using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives.Algebra;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>
/// Reads an objective from text: <c>LAYER:CHANNEL</c> (a channel), <c>LAYER:CHANNEL,Y,X</c> and <c>LAYER:CHANNEL,c</c> (a neuron, at a
/// position or at the
/// centre), <c>LAYER</c> (DeepDream), the forms of <see cref="ObjectiveCatalog"/>, numbers, <c>+ − *</c> and parentheses. Names that hold
/// anything but
/// letters, digits and <c>_ . / '</c> stand in quotes: <c>class:"Egyptian cat"</c>; a layer that is called like a form does, too.
/// </summary>
public static class ObjectiveParser
{
    private const int MaximumLength = 4096;

    /// <summary>The objective that a text stands for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network that it is about.</param>
    /// <param name="sources">How photos are read, or null where the text may name none.</param>
    /// <exception cref="InputException">The text has another form, or names what is not there; the message has the place and what was
    /// expected.</exception>
    public static Objective Parse(string text, Network network, ObjectiveSources? sources = null)
    {
        if (text.Length > MaximumLength)
        {
            throw new InputException($"the objective has {text.Length} characters: expected {MaximumLength} at most");
        }

        try
        {
            Objective objective = new ObjectiveGrammar(text, network, sources).Whole();
            return objective is not ConstantObjective ? objective
                : throw new InputException(
                $"objective '{text}': that is a number, whatever the image; name a unit, such as features.28:264");
        }
        catch (ArgumentOutOfRangeException e) when (e.ActualValue is double)
        {
            throw new InputException($"objective '{text}': its weights multiply to {e.ActualValue}; expected finite ones", e);
        }
    }
}
