using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Operators that compute each element from those at its place, of arrays that are repeated to each other's sizes.</summary>
internal static class ElementOperators
{
    /// <summary>One of the operators that are functions of numbers.</summary>
    internal static GraphTensor[] Scalar(ConstantArguments x) => Scalar(x, chosen: false);

    /// <summary>One whose result is one of its inputs.</summary>
    internal static GraphTensor[] Chosen(ConstantArguments x) => Scalar(x, chosen: true);

    internal static GraphTensor[] Unary(ConstantArguments x, Func<double, double> function) =>
        Make(x, null, v => function(v[0]), Operands(x, 1));

    internal static GraphTensor[] Binary(ConstantArguments x, Func<double, double, double> function) =>
        Make(x, null, v => function(v[0], v[1]), Operands(x, 2));

    internal static GraphTensor[] Compare(ConstantArguments x, Func<double, double, bool> test) =>
        Make(x, ElementType.Bool, v => test(v[0], v[1]) ? 1 : 0, Operands(x, 2));

    internal static GraphTensor[] Test(ConstantArguments x, Func<double, bool> test) =>
        Make(x, ElementType.Bool, v => test(v[0]) ? 1 : 0, Operands(x, 1));

    /// <summary>A whole number of the same type.</summary>
    internal static GraphTensor[] Whole(ConstantArguments x, Func<double, double> function)
    {
        ElementType type = x.Tensor(0).Type;
        return Unary(x, v => function(Numbers.Rounded(type, v)));
    }

    /// <summary>Between inputs 1 and 2, where they are given.</summary>
    internal static GraphTensor[] Clip(ConstantArguments x)
    {
        double low = x.Optional(1) is null ? double.NegativeInfinity : x.Number(1);
        double high = x.Optional(2) is null ? double.PositiveInfinity : x.Number(2);
        return Make(x, null, v => Math.Min(high, Math.Max(low, v[0])), Operands(x, 1), true);
    }

    internal static GraphTensor[] IsInf(ConstantArguments x)
    {
        bool negative = x.Attributes.Int("detect_negative", 1) != 0, positive = x.Attributes.Int("detect_positive", 1) != 0;
        return Test(x, v => double.IsInfinity(v) && (v < 0 ? negative : positive));
    }

    /// <summary>Quotients of whole numbers are cut off towards zero.</summary>
    internal static GraphTensor[] Div(ConstantArguments x) => x.Tensor(0).IsInteger
        ? Binary(x, (a, b) => b == 0 ? throw new ModelException($"{a} divided by zero") : Math.Truncate(a / b))
        : Scalar(x);

    /// <summary>The remainder: of the divisor's sign, or, with <c>fmod</c>, of the dividend's.</summary>
    internal static GraphTensor[] Mod(ConstantArguments x)
    {
        bool c = x.Attributes.Int("fmod", 0) != 0;
        bool integer = x.Tensor(0).IsInteger;
        return !c && !integer ? throw new ModelException("fmod = 0 for numbers that are not whole")
            : Binary(x, (a, b) =>
            {
                double rest = integer && b == 0 ? throw new ModelException($"{a} modulo zero") : a % b;
                return !c && rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
            });
    }

    /// <summary>Powers of whole numbers are cut off towards zero.</summary>
    internal static GraphTensor[] Pow(ConstantArguments x) => x.Tensor(0).IsInteger
        ? Binary(x, (a, b) => Math.Truncate(Math.Pow(a, b)))
        : Scalar(x);

    /// <summary>An elementwise result; of the type of input 0 where none is given.</summary>
    internal static GraphTensor[] Make(
        ConstantArguments x, ElementType? type, ElementFunction function, Operand[] operands, bool chosen = false)
    {
        ImmutableArray<int> shape = operands.Select(o => o.Shape).Aggregate(Sizes.Broadcast);
        ConstantArguments.Checked(shape, [.. operands.Select(o => o.Tensor)]);
        return [new ElementTensor(x.Node, type ?? operands[0].Tensor.Type, shape, operands, function, chosen)];
    }

    private static GraphTensor[] Scalar(ConstantArguments x, bool chosen)
    {
        var function = ScalarFunction.For(x.Node);
        return Make(x, null, function.Of, Operands(x, function.Operands > 0 ? function.Operands : Math.Max(1, x.Inputs)), chosen);
    }

    /// <summary>The first inputs. Before opset 7 (attributes <c>broadcast</c> and <c>axis</c>) the second lies along the axes of the
    /// first from <c>axis</c> on.</summary>
    private static Operand[] Operands(ConstantArguments x, int count)
    {
        Operand[] operands = [.. Enumerable.Range(0, count).Select(k => new Operand(x.Tensor(k), x.Shape(k)))];
        if (count == 2 && x.Attributes.Has("axis") && x.Attributes.Int("broadcast", 0) != 0)
        {
            int behind = operands[0].Shape.Length - Sizes.Axis(x.Attributes.Int("axis", 0), operands[0].Shape.Length)
                - operands[1].Shape.Length;
            operands[1] = operands[1] with { Shape = [.. operands[1].Shape, .. Enumerable.Repeat(1, Math.Max(0, behind))] };
        }
        else if (count == 2)
        {
            x.Attributes.Ignore("broadcast");
        }

        return operands;
    }
}
