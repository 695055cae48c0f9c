using Interp.Engine.Adversarial;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Adversarial;

/// <summary>Losses by their formulas, and their gradients by differences.</summary>
[TestClass]
public sealed class AttackLossTests
{
    private static readonly float[] s_logits = [1, -2, 4, 0.5f, 3];

    public static IEnumerable<object[]> Cases =>
        from loss in AttackLoss.All
        from goal in (AttackGoal[])[new(2), new(0), new(2, 1), new(2, 4), new(0, 2)]
        select new object[] { loss.Name, goal };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Gradient_EachLogit_IsTheDifferenceOfValues(string name, AttackGoal goal)
    {
        AttackLoss loss = AttackLoss.All.Find(name);
        float[] gradient = loss.Gradient(s_logits, goal);
        for (int k = 0; k < s_logits.Length; k++)
        {
            const float Step = 1f / 1024;
            float[] up = [.. s_logits], down = [.. s_logits];
            (up[k], down[k]) = (up[k] + Step, down[k] - Step);
            double difference = (loss.Value(up, goal) - loss.Value(down, goal)) / (2 * Step);
            Assert.AreEqual(difference, gradient[k], 1e-5, $"logit {k}: third derivatives of order 1 times the step squared");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Direction_AnyLogits_IsTheGradientTimesANumber(string name, AttackGoal goal)
    {
        AttackLoss loss = AttackLoss.All.Find(name);
        float[] gradient = loss.Gradient(s_logits, goal), direction = loss.Direction(s_logits, goal);
        double scale = direction.Max() / gradient.Max();
        Assert.IsGreaterThan(0, scale);
        TensorAssert.RelativeL2([.. gradient.Select(g => g * scale)], direction, 1e-6, "rounded to float32");

        float[] sure = [.. s_logits.Select(z => 1000 * z)];
        Assert.AreEqual(1, loss.Direction(sure, goal).Max(Math.Abs), name == "dlr" ? 1 : 1e-6, "it does not vanish");
    }

    [TestMethod]
    public void DifferenceOfLogitsRatio_IsTheFormula_AndDoesNotChangeWithScaleOrPlace()
    {
        AttackLoss dlr = AttackLoss.All.Find("dlr");
        Assert.AreEqual(-(4.0 - 3) / (4 - 1), dlr.Value(s_logits, new AttackGoal(2)), 1e-9);
        Assert.AreEqual(-(1.0 - 4) / (4 - 1), dlr.Value(s_logits, new AttackGoal(0)), 1e-9);
        Assert.AreEqual(-(4.0 - -2) / (4 - ((1 + 0.5) / 2)), dlr.Value(s_logits, new AttackGoal(2, 1)), 1e-9);
        float[] moved = [.. s_logits.Select(z => (100 * z) + 7)];
        foreach (AttackGoal goal in (AttackGoal[])[new(2), new(2, 1)])
        {
            Assert.AreEqual(dlr.Value(s_logits, goal), dlr.Value(moved, goal), 1e-6);
        }
    }

    [TestMethod]
    public void CrossEntropy_LargeLogits_IsFinite()
    {
        AttackLoss loss = AttackLoss.All.Find("ce");
        Assert.AreEqual(2000, loss.Value([1000, -1000], new AttackGoal(1)), 1e-9);
        Assert.IsTrue(loss.Gradient([1000, -1000], new AttackGoal(1)).All(float.IsFinite));
    }

    [TestMethod]
    public void Margin_EqualLogits_CountAsPredictionsDo()
    {
        // Of equal logits the lower class is the answer.
        Assert.IsTrue(new AttackGoal(1).IsReached([2, 2]));
        Assert.IsFalse(new AttackGoal(0).IsReached([2, 2]));
        Assert.AreEqual(0, new AttackGoal(0).Margin([2, 2]));
        Assert.IsFalse(new AttackGoal(0).IsReached([float.NaN, 2]));
        Assert.IsTrue(new AttackGoal(0, 1).IsReached([1, 2, 0]));
    }
}
