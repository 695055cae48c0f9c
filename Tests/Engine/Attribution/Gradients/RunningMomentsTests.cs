using Interp.Engine.Arithmetic;

namespace Interp.Tests.Engine.Attribution.Gradients;

[TestClass]
public sealed class RunningMomentsTests
{
    [TestMethod]
    public void Add_ThreeArrays_GivesMeanSquareAndVariance()
    {
        using IMoments moments = HostImageMath.Instance.CreateStream();
        foreach (double[] values in (double[][])[[1, 5], [2, 5], [6, 5]])
        {
            moments.Add(values);
        }

        CollectionAssert.AreEqual((double[])[3, 5], moments.Mean);
        Assert.AreEqual(41.0 / 3, moments.MeanSquare[0], 1e-14, "float64 rounding");
        Assert.AreEqual(14.0 / 3, moments.Variance[0], 1e-14, "float64 rounding");
        Assert.AreEqual(0, moments.Variance[1], "equal values have no variance, to the bit");
    }
}
