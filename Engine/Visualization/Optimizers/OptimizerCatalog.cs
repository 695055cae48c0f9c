using Interp.Engine.Common;

namespace Interp.Engine.Visualization.Optimizers;

/// <summary>An optimiser by name.</summary>
/// <param name="Name">The name used on the command line.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Rate">Its usual learning rate.</param>
/// <param name="Make">A fresh one, for one run.</param>
public sealed record OptimizerChoice(string Name, string Summary, double Rate, Func<Optimizer> Make);

/// <summary>
/// Every optimiser. There is no L-BFGS: random transforms give it another function at each step, so that the differences of gradients which
/// it takes for
/// curvature are mostly differences of functions, and its line search would cost several passes through the network for each step.
/// </summary>
public static class OptimizerCatalog
{
    /// <summary>All optimisers by name, the usual one first.</summary>
    public static Catalog<OptimizerChoice> All { get; } = new(
        "optimiser",
        o => o.Name,
        new OptimizerChoice("adam", "Adam (D. Kingma, J. Ba, ICLR 2015)", 0.05, () => new Adam()),
        new OptimizerChoice("sgd", "ascent along the gradient over its root mean square, momentum 0.9", 0.01, () =>
        new Momentum(normalize: true)),
        new OptimizerChoice("sign", "ascent along the gradient's sign", 0.05, () => new SignAscent()));
}
