using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>A way to change an image so that a network classifies it otherwise. An attack is one file and one line in
/// <see cref="Attacks"/>.</summary>
public abstract class Attack
{
    /// <summary>Its name on the command line: <c>pgd</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>The paper that it is from.</summary>
    public abstract string Source { get; }

    /// <summary>The norms that it can work in, the usual one first.</summary>
    public abstract IReadOnlyList<PixelNorm> Norms { get; }

    /// <summary>Whether it seeks the nearest image on its own, rather than any within ε.</summary>
    public virtual bool IsMinimal => false;

    /// <summary>Whether it can seek a given class.</summary>
    public virtual bool CanTarget => true;

    /// <summary>The fewest classes of a network that it works on.</summary>
    /// <param name="goal">What is to be reached.</param>
    /// <param name="options">Its options.</param>
    public virtual int LeastClasses(AttackGoal goal, OptionValues options) => 2;

    /// <summary>Its options.</summary>
    public virtual IReadOnlyList<MethodOption> Options => [];

    /// <summary>Values for all options: those given by name as text, defaults for the rest.</summary>
    /// <exception cref="InputException">A name is unknown, or a value is not allowed.</exception>
    public OptionValues Configure(IReadOnlyDictionary<string, string>? given = null) =>
        new(Options, given ?? new Dictionary<string, string>());

    /// <summary>The most passes that it will ask for.</summary>
    public abstract Backends.Work MostWork(OptionValues options);

    /// <summary>
    /// Attacks. The image that is returned is in the ball and the box, and on whole levels where <see cref="AttackProblem.Lattice"/>; it
    /// reaches the goal if any that was looked at does, and is then the first such (or, of an attack that seeks the nearest, the nearest);
    /// else it is the one with the least margin.
    /// </summary>
    public abstract float[] Run(AttackProblem problem);
}
