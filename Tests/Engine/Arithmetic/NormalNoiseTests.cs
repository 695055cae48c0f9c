using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Arithmetic;

[TestClass]
public sealed class NormalNoiseTests
{
    private const ulong Last = ulong.MaxValue;

    [TestMethod]
    [DataRow(0UL, 0UL, 0)]
    [DataRow(3UL, 257UL, 150_000)]
    [DataRow(Last, Last - 5, 1 << 30)]
    public void Add_AnySequence_IsTheScalarNumbersWithinTheirLastBits(ulong seed, ulong stream, int first)
    {
        const int Count = 50_000;
        var rng = new Rng(seed, stream);
        float[] x = new float[Count], noise = new float[Count];

        NormalNoise.Add(x, 1, rng, first, noise);

        int different = 0;
        for (int i = 0; i < Count; i++)
        {
            double expected = rng.Gaussian((ulong)(first + i));
            different += noise[i] == (float)expected ? 0 : 1;
            Assert.AreEqual(expected, noise[i], Math.Abs(expected) * 6.1e-8, "float64 inside, rounded to float32 once");
        }

        Assert.IsLessThanOrEqualTo(2, different, "only where an error of 1e-15 decides a rounding to float32: one number in 10^7");
    }

    [TestMethod]
    public void Add_SigmaAndImage_IsTheirSumRoundedOnce()
    {
        float[] x = new Gaussian(3).Values(1003), noisy = new float[1003];
        var rng = new Rng(5, 6);

        NormalNoise.Add(x, 0.37, rng, 0, noisy);

        for (int i = 0; i < x.Length; i++)
        {
            double sum = x[i] + (0.37 * rng.Gaussian((ulong)i));
            Assert.AreEqual(sum, noisy[i], Math.Max(1, Math.Abs(sum)) * 6.1e-8, "rounded to float32 once");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(8193)]
    [DataRow(150_528)]
    public void AddNoise_AnyThreadsAndLength_GivesTheSameBits(int length)
    {
        float[] x = new Gaussian(4).Values(length), expected = new float[length];
        NormalNoise.Add(x, 0.2, new Rng(1, 2), 0, expected);

        foreach (int threads in (int[])[1, 2, 5])
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            float[] found = new float[length];
            ((IBackend)backend).Images.AddNoise(x, 0.2, new Rng(1, 2), found);
            CollectionAssert.AreEqual(expected, found, $"{threads} threads");
        }

        float[] place = [.. x];
        HostImageMath.Instance.AddNoise(place, 0.2, new Rng(1, 2), place);
        CollectionAssert.AreEqual(expected, place, "over the image itself");
    }
}
