using Interp.Engine.Common;
using Interp.Weights.TorchExport;

namespace Interp.Tests.Weights.TorchExport;

/// <summary>Operators that change a tensor in place: later uses mean the changed one.</summary>
[TestClass]
public class InPlaceTests
{
    [TestMethod]
    public void LaterUses_OfAnyName_MeanTheChangedTensor()
    {
        // y = conv(x); relu_(y); y + 1: the sum is of what relu made.
        using Opened opened = new Pt2(2, 4).Node("neg.default", "y", "self=x").Node("alias.default", "other", "self=y")
            .Node("relu_.default", "r", "self=y").Node("add.Tensor", "s", "self=y", "other=other")
            .Node("mul.Tensor", "t", "self=s", "other=r").Open();
        Assert.AreEqual("Neg(x)->y; Relu(y)->r; Add(r,r)->s; Mul(s,r)->t", opened.Text);
    }

    [TestMethod]
    public void EarlierUses_KeepTheTensorAsItWas()
    {
        using Opened opened = new Pt2(2, 4).Node("neg.default", "y", "self=x").Node("exp.default", "e", "self=y")
            .Node("relu_.default", "r", "self=y").Node("clamp_.default", "c", "self=r", "max=float:2.0").Node("add.Tensor", "s", "self=e",
                "other=y").Open();
        Assert.AreEqual("Neg(x)->y; Exp(y)->e; Relu(y)->r; Clip(r,,[2])->c; Add(e,c)->s", opened.Text);
    }

    [TestMethod]
    public void Dropout_IsTheTensorItself()
    {
        using Opened opened = new Pt2(2, 4).Node("neg.default", "y", "self=x").Node("dropout.default", "d", "input=y", "p=float:0.5",
            "train=bool:false").Node("relu_.default", "r", "self=d").Node("add.Tensor", "s", "self=y", "other=d").Open();
        Assert.AreEqual("Neg(x)->y; Dropout(y)->d; Relu(d)->r; Add(r,r)->s", opened.Text);
    }

    [TestMethod]
    public void AnotherViewThatWasChanged_IsRefusedWhenItIsUsed()
    {
        Pt2 net = new Pt2(2, 4).Node("neg.default", "y", "self=x").Node("view.default", "v", "self=y", "size=ints:[8]")
            .Node("relu_.default", "r", "self=v");
        using (Opened opened = net.Open())
        {
            Assert.AreEqual("Neg(x)->y; Reshape(y,[8])->v; Relu(v)->r", opened.Text);
        }

        net.Node("add.Tensor", "s", "self=y", "other=y").Refuses("'y', of which another view was changed", "run_decompositions");
    }

    [TestMethod]
    public void ACopy_IsNotChanged()
    {
        using Opened opened = new Pt2(2, 4).Node("neg.default", "y", "self=x").Node("clone.default", "c", "self=y")
            .Node("relu_.default", "r", "self=c").Node("add.Tensor", "s", "self=y", "other=c").Open();
        Assert.AreEqual("Neg(x)->y; Relu(y)->r; Add(y,r)->s", opened.Text);
    }

    [TestMethod]
    public void AParameter_MayNotBeChanged() =>
        new Pt2(2, 4).Parameter("count", [1], 0).Node("add_.Tensor", "r", "self=p_count", "other=int:1")
        .Refuses("add_.Tensor", "in place", "training", "model.eval()");

    [TestMethod]
    public void Table_ReadOfANameThatIsNone_IsRefused() =>
        Assert.Contains("nothing before it makes", Assert.ThrowsExactly<ModelException>(() => new AliasTable().Read("y")).Message);
}
