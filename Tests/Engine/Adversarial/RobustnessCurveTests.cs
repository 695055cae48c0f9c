using Interp.Engine.Adversarial;
using Interp.Engine.Common;

namespace Interp.Tests.Engine.Adversarial;

[TestClass]
public sealed class RobustnessCurveTests
{
    private static readonly string[] s_attacks = ["fgsm", "pgd"];

    [TestMethod]
    public void Curves_CountAsTheyAreDefined_AndTheLastIsTheWorst()
    {
        ImageFate[][] fates =
        [
            [Fate("011"), Fate("001")],
            [Fate("000", far: true), Fate("001")],
            [Fate("111", wrong: true), Fate("111", wrong: true)],
            [Fate("000", far: true), Fate("000", far: true)],
        ];

        IReadOnlyList<RobustnessCurve> curves = RobustnessCurve.Of(s_attacks, fates);

        CollectionAssert.AreEqual((string[])["fgsm", "pgd", RobustnessCurve.Worst], curves.Select(c => c.Name).ToArray());
        Assert.IsTrue(curves.All(c => (c.Clean.Count, c.Clean.Of) == (3, 4)), "an image that is wrong when clean is broken");
        CollectionAssert.AreEqual((int[])[3, 2, 2], curves[0].Robust.Select(r => r.Count).ToArray());
        CollectionAssert.AreEqual((int[])[3, 3, 1], curves[1].Robust.Select(r => r.Count).ToArray());
        CollectionAssert.AreEqual((int[])[3, 2, 1], curves[2].Robust.Select(r => r.Count).ToArray());
        Assert.ThrowsExactly<InputException>(() => RobustnessCurve.Of(s_attacks, []));
    }

    [TestMethod]
    public void Alarms_SayWhenGradientsMislead()
    {
        Epsilon[] epsilons = [.. "1/255,2/255,4/255".Split(',').Select(Epsilon.Parse)];
        Assert.IsEmpty(RobustnessCurve.Alarms(s_attacks, [[Fate("001"), Fate("011")]], epsilons));

        IReadOnlyList<string> alarms = RobustnessCurve.Alarms(
            s_attacks, [[Fate("011"), Fate("000", far: false) with { HasGradient = false }]], epsilons);

        Assert.HasCount(3, alarms);
        Assert.Contains("pgd: 1 of 1 images stand even at 128/255", alarms[0]);
        Assert.Contains("no slope at 1 of 1", alarms[1]);
        Assert.Contains("fgsm breaks 1 images at 2/255 and pgd 0", alarms[2]);
    }

    private static ImageFate Fate(string broken, bool wrong = false, bool? far = null) =>
        new(wrong, [.. broken.Select(b => b == '1')], far, true, default);
}
