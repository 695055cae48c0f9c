using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Numbers;

namespace Interp.Engine.Functions;

/// <summary>
/// An elementwise activation function with values of its parameters. A new one is one small file with an <see cref="IActivationFunction"/>
/// and one line in <see cref="ActivationFunctions"/>.
/// </summary>
public abstract class ActivationFunction
{
    /// <summary>The name that <c>model.json</c> stores: <c>silu</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The function as a formula in x.</summary>
    public abstract string Formula { get; }

    /// <summary>Its parameters; none for most functions.</summary>
    public abstract ImmutableArray<ActivationParameter> Parameters { get; }

    /// <summary>The parameters' values.</summary>
    public Coefficients Coefficients { get; private protected init; }

    /// <summary>What it is there for.</summary>
    public abstract ActivationRole Role { get; }

    /// <summary>Where its slope jumps, ascending.</summary>
    public abstract ImmutableArray<double> Kinks { get; }

    /// <summary>The values of the parameters, in their order.</summary>
    public ImmutableArray<double> Values =>
        [.. new[] { Coefficients.A, Coefficients.B, Coefficients.C }.Take(Parameters.Length)];

    /// <summary>The number of kinks below x: on one piece the slope is continuous.</summary>
    public int Piece(double x) => Kinks.Count(k => x > k);

    /// <summary>The same function with other values.</summary>
    /// <param name="values">A value for each parameter.</param>
    /// <exception cref="ModelException">There are more or fewer parameters, or one cannot have its value.</exception>
    public ActivationFunction With(params IReadOnlyList<double> values)
    {
        if (values.Count != Parameters.Length)
        {
            string names = Parameters.Length == 0 ? "" : $" ({string.Join(", ", Parameters.Select(p => p.Name))})";
            throw new ModelException(
                $"activation function '{Name}': expected {Parameters.Length} parameters{names}, found {values.Count}");
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (!(Math.Abs(values[i]) <= float.MaxValue) || (values[i] == 0 && !Parameters[i].MayBeZero))
            {
                string expected = Parameters[i].MayBeZero ? "a float32 number" : "a float32 number other than 0";
                throw new ModelException($"activation function '{Name}': {Parameters[i].Name} is {values[i]}, expected {expected}");
            }
        }

        return Make(new(At(values, 0), At(values, 1), At(values, 2)));
    }

    /// <summary>f(x) and f'(x) in float64.</summary>
    public abstract (double Value, double Slope) At(double x);

    /// <summary>Hands the function's type to a backend's kernel, which is compiled for it.</summary>
    public abstract void Accept(IActivationVisitor visitor);

    private protected abstract ActivationFunction Make(Coefficients coefficients);

    private protected static double At(IReadOnlyList<double> values, int i) => i < values.Count ? values[i] : 0;
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
    /// <summary>With the usual values.</summary>
    public ActivationFunction()
    {
        double[] values = [.. TFunction.Parameters.Select(p => p.Default)];
        Coefficients = new(At(values, 0), At(values, 1), At(values, 2));
    }

    public override string Name => TFunction.Name;

    public override string Formula => TFunction.Formula;

    public override ImmutableArray<ActivationParameter> Parameters => TFunction.Parameters;

    public override ActivationRole Role => TFunction.Role(Coefficients);

    public override ImmutableArray<double> Kinks => TFunction.Kinks(Coefficients);

    public override (double Value, double Slope) At(double x)
    {
        (ScalarLane value, ScalarLane slope) = TFunction.At(new ScalarLane(x), Coefficients);
        return (value.Value, slope.Value);
    }

    public override void Accept(IActivationVisitor visitor) => visitor.Visit<TFunction>();

    private protected override ActivationFunction Make(Coefficients coefficients) =>
        new ActivationFunction<TFunction> { Coefficients = coefficients };
}
