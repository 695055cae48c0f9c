using Interp.Engine.Common;
using Interp.Engine.Models;

namespace Interp.Weights;

/// <summary>
/// How the logits of a weight file become probabilities: the file does not say, so the user does, or it is assumed from the number of
/// outputs.
/// </summary>
internal static class OutputAssumption
{
    /// <summary>The activation that is written to <c>model.json</c>.</summary>
    /// <param name="asked">What the user asked for, or null.</param>
    /// <param name="outputs">How many outputs the network has.</param>
    /// <exception cref="InputException">A softmax was asked for where there is one output.</exception>
    internal static OutputActivation Choose(OutputActivation? asked, int outputs) => outputs == 1 && asked == OutputActivation.Softmax
        ? throw new InputException(
            "option 'activation' softmax: the network has one output, whose softmax is always 1, expected sigmoid; leave option "
            + "'activation' out")
        : asked ?? OutputActivation.For(outputs);

    /// <summary>What was assumed, in one line, or null where the user said it or several outputs have a softmax, as is usual.</summary>
    /// <inheritdoc cref="Choose"/>
    internal static string? Said(OutputActivation? asked, int outputs) => asked is null && outputs == 1
        ? "one output: taken as a detector of one class, its probability as sigmoid(logit)"
        : null;
}
