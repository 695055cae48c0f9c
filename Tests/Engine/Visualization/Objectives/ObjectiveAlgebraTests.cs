using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Algebra;
using Interp.Engine.Visualization.Objectives.Penalties;
using Interp.Engine.Visualization.Objectives.Units;

namespace Interp.Tests.Engine.Visualization.Objectives;

[TestClass]
public sealed class ObjectiveAlgebraTests
{
    private static readonly ObjectiveCheck Check = new();
    private static readonly Node Map = ObjectiveCheck.Net.Find("conv1_0");
    private static readonly Objective A = new ChannelObjective(Map, 1);
    private static readonly Objective B = new LayerObjective(ObjectiveCheck.Net.Find("fc0"));
    private static readonly Objective C = new L2Objective();

    [TestMethod]
    public void Values_OperatorsOnImages_AreThoseOfNumbers()
    {
        double[] a = Values(A), b = Values(B), c = Values(C);

        Same(n => a[n] + b[n], A + B);
        Same(n => a[n] - (3 * b[n]) + 1, A - (3 * B) + 1);
        Same(n => -a[n] * b[n] * c[n], -A * B * C);
        Same(n => (a[n] + b[n]) * (a[n] - c[n]), (A + B) * (A - C));
    }

    [TestMethod]
    public void Laws_EqualExpressions_HaveEqualValuesAndGradients()
    {
        Equal(A + B, B + A);
        Equal(A * B, B * A);
        Equal(A * (B + C), (A * B) + (A * C));
        Equal(A - A + B, B);
        Equal(2 * A * (3 * B), 6 * (A * B));
        Equal(-(-A), A);
        Equal(A - (B - C), A - B + C);
    }

    [TestMethod]
    public void Names_Parentheses_StandOnlyWhereNeeded()
    {
        Assert.AreEqual("conv1_0:1 + fc0 - l2", (A + B - C).Name);
        Assert.AreEqual("conv1_0:1 - (fc0 + l2)", (A - (B + C)).Name);
        Assert.AreEqual("conv1_0:1 - 0.5 * fc0", (A - (B * 0.5)).Name);
        Assert.AreEqual("-2 * conv1_0:1 * (l2 - fc0)", (-(2 * A * (C - B))).Name);
        Assert.AreEqual("-conv1_0:1 * fc0", (A * -B).Name);
        Assert.AreEqual("-(conv1_0:1 + 1)", (-(A + 1)).Name);
        Assert.AreEqual("conv1_0:1 - 1E-05 * l2 - 3", (A - (1e-5 * C) - 3).Name);
        Assert.AreEqual("interpolate(conv1_0:1 + fc0, 2 * l2)", new InterpolationObjective(A + B, 2 * C).Name);
    }

    [TestMethod]
    public void Nodes_OfAnExpression_StandOnce() =>
        CollectionAssert.AreEqual((string[])["conv1_0", "fc0"],
        (A + (B * A) - C - new NeuronObjective(Map, 2)).Nodes.Select(n => n.Name).ToArray());

    [TestMethod]
    public void Interpolate_Batch_GoesFromOneToTheOther()
    {
        double[] a = Values(A), b = Values(B);

        Same(n => n == 0 ? a[0] : n == 1 ? (a[1] + b[1]) / 2 : b[2], new InterpolationObjective(A, B));
        var single = new ObjectiveCheck(count: 1);
        Assert.AreEqual(A.Evaluate(single.Seen).Values[0], new InterpolationObjective(A, B).Evaluate(single.Seen).Values[0]);
    }

    [TestMethod]
    public void Evaluate_ImagesOnly_HasNoActivations()
    {
        ObjectiveValue value = C.Evaluate(Check.Seen);

        Assert.IsEmpty(value.Activations);
        Assert.IsNotNull(value.Images);
        Assert.IsNull(A.Evaluate(Check.Seen).Images);
    }

    [TestMethod]
    public void Weights_NotFinite_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => double.NaN * A);

    private static double[] Values(Objective objective) => objective.Evaluate(Check.Seen).Values;

    private static void Same(Func<int, double> expected, Objective objective)
    {
        double[] found = Values(objective);
        for (int n = 0; n < found.Length; n++)
        {
            Assert.AreEqual(expected(n), found[n], 1e-14, $"{objective}: float64 rounding of values of order 1");
        }
    }

    private static void Equal(Objective left, Objective right)
    {
        ObjectiveValue a = left.Evaluate(Check.Seen), b = right.Evaluate(Check.Seen);
        Same(n => a.Values[n], right);
        foreach (Node node in left.Nodes.Union(right.Nodes))
        {
            Near(a.Activations.GetValueOrDefault(node), b.Activations.GetValueOrDefault(node));
        }

        Near(a.Images, b.Images);

        void Near(float[]? x, float[]? y)
        {
            for (int i = 0; i < (x ?? y)?.Length; i++)
            {
                Assert.AreEqual(x?[i] ?? 0, y?[i] ?? 0, 1e-6, $"{left} and {right}: float32 roundings of slopes of order 1");
            }
        }
    }
}
