using Interp.Engine.Common;
using Interp.Engine.Visualization.Transforms;

namespace Interp.Tests.Engine.Visualization.Transforms;

/// <summary>Chains as users write them.</summary>
[TestClass]
public sealed class TransformTextTests
{
    [TestMethod]
    [DataRow("pad:3,jitter:4,flip,scale:0.8..1.3,rotate:-20..20,blur:0.8,jitter:2,noise:0.1,crop:9")]
    [DataRow("none")]
    [DataRow("scale:1..1,flip")]
    [DataRow("scale:0.5/1/1/2,rotate:-3/0.25")]
    [DataRow("noise:1E-05")]
    public void ToString_AnyChain_ReadsBack(string text) => Assert.AreEqual(text, TransformChain.Parse(text).ToString());

    [TestMethod]
    public void ToString_Robust_IsLucidsChainAndReadsBack()
    {
        const string Lucids = "pad:12,jitter:8,scale:0.9/0.92/0.94/0.96/0.98/1/1.02/1.04/1.06/1.08/1.1,"
            + "rotate:-10/-9/-8/-7/-6/-5/-4/-3/-2/-1/0/1/2/3/4/5/6/7/8/9/10/0/0/0/0/0,jitter:4";
        Assert.AreEqual(Lucids, TransformChain.Robust.ToString());
        Assert.AreEqual(Lucids, TransformChain.Parse(Lucids).ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("jitter")]
    [DataRow("jitter:-1")]
    [DataRow("jitter:99999")]
    [DataRow("flip:2")]
    [DataRow("scale:0..1")]
    [DataRow("scale:2..1")]
    [DataRow("scale:300..300")]
    [DataRow("scale:0.05/1")]
    [DataRow("rotate:5")]
    [DataRow("rotate:5/")]
    [DataRow("rotate:1..2..3")]
    [DataRow("rotate:1..NaN")]
    [DataRow("blur:0")]
    [DataRow("blur:NaN")]
    [DataRow("twirl:3")]
    [DataRow("pad:2,,flip")]
    public void Parse_WrongText_SaysWhatIsKnown(string text)
    {
        InputException e = Assert.ThrowsExactly<InputException>(() => TransformChain.Parse(text));
        StringAssert.Contains(e.Message, "pad:12, jitter:8, scale:0.9..1.1");
    }
}
