using System.Collections.Immutable;

namespace Interp.Engine.Functions;

/// <summary>
/// An elementwise activation function. A new one is one small file with an <see cref="IActivationFunction"/> and one line in
/// <see cref="ActivationFunctions"/>.
/// </summary>
public abstract class ActivationFunction
{
    /// <summary>The name that <c>model.json</c> stores: <c>silu</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The function as a formula in x.</summary>
    public abstract string Formula { get; }

    /// <summary>What it is there for.</summary>
    public abstract ActivationRole Role { get; }

    /// <summary>Where its slope jumps, ascending.</summary>
    public abstract ImmutableArray<double> Kinks { get; }

    /// <summary>The number of kinks below x: on one piece the slope is continuous.</summary>
    public int Piece(double x) => Kinks.Count(k => x > k);

    /// <summary>Hands the function's type to a backend's kernel, which is compiled for it.</summary>
    public abstract void Accept(IActivationVisitor visitor);
}

/// <summary>A backend's activation kernel.</summary>
public interface IActivationVisitor
{
    /// <summary>Runs the kernel with this function.</summary>
    void Visit<TFunction>() where TFunction : struct, IActivationFunction;
}

/// <inheritdoc/>
internal sealed class ActivationFunction<TFunction> : ActivationFunction where TFunction : struct, IActivationFunction
{
    public override string Name => TFunction.Name;

    public override string Formula => TFunction.Formula;

    public override ActivationRole Role => TFunction.Role;

    public override ImmutableArray<double> Kinks => TFunction.Kinks;

    public override void Accept(IActivationVisitor visitor) => visitor.Visit<TFunction>();
}
