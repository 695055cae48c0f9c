using Interp.Engine.Cpu;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Functions;
using Interp.Engine.Numbers;
using Interp.Tests.Engine.Functions;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Cpu;

/// <summary>The vector functions against float64, over a dense sample of all float32 values, and their bits on every width.</summary>
[TestClass]
public sealed unsafe class ElementaryTests
{
    private static readonly float[] s_sample = Sample();

    [TestMethod]
    public void Exp_AnyFloat_IsWithinAUnitInTheLastPlace()
    {
        float[] y = Map(s_sample, Function.Exp);
        double worst = s_sample.Zip(y).Where(p => p.First is >= -87 and <= 88)
            .Max(p => Math.Abs(p.Second - Math.Exp(p.First)) / Ulp(Math.Exp(p.First)));
        Assert.IsLessThan(1, worst, "units in the last place");
        Assert.IsTrue(s_sample.Zip(y).All(p => p.First < 88 || p.Second == y[Array.IndexOf(s_sample, 88f)]));
        Assert.IsTrue(s_sample.Zip(y).All(p => p.First > -87 || p.Second == y[Array.IndexOf(s_sample, -87f)]));
    }

    [TestMethod]
    public void Erf_AnyFloat_IsWithinItsError() =>
        Assert.IsLessThan(1.3e-7, Worst(Function.Erf, x => ScalarLane.Erf(new ScalarLane(x)).Value));

    [TestMethod]
    public void Tanh_AnyFloat_IsWithinItsError() => Assert.IsLessThan(7.5e-8, Worst(Function.Tanh, Math.Tanh));

    [TestMethod]
    public void Log1p_FromZeroToOne_IsWithinTwoUnitsInTheLastPlace()
    {
        float[] x = [.. s_sample.Where(v => v is >= 0 and <= 1), 1];
        double worst = x.Zip(Map(x, Function.Log1p)).Where(p => p.First > 1e-36f)
            .Max(p => Units(p.Second, ScalarLane.Log1p(new ScalarLane(p.First)).Value));
        Assert.IsLessThan(2, worst, "units in the last place");
        Assert.AreEqual(0f, Map([0], Function.Log1p)[0]);
        Assert.AreEqual(0.09531017980432486, ScalarLane.Log1p(new ScalarLane(0.1)).Value, 1e-16, "ln 1.1");
        Assert.AreEqual(1e-20, ScalarLane.Log1p(new ScalarLane(1e-20)).Value);
    }

    /// <summary>Near zero the functions keep their relative precision too.</summary>
    [TestMethod]
    public void ErfAndTanh_NearZero_AreWithinUnitsInTheLastPlace()
    {
        float[] small = [.. s_sample.Where(x => Math.Abs(x) is < 0.5f and > 1e-36f)];
        double erf = small.Zip(Map(small, Function.Erf)).Max(p => Units(p.Second, ScalarLane.Erf(new ScalarLane(p.First)).Value));
        double tanh = small.Zip(Map(small, Function.Tanh)).Max(p => Units(p.Second, Math.Tanh(p.First)));
        Assert.IsLessThan(3, erf);
        Assert.IsLessThan(3, tanh);
    }

    [TestMethod]
    [DataRow(Function.Exp)]
    [DataRow(Function.Erf)]
    [DataRow(Function.Tanh)]
    [DataRow(Function.Log1p)]
    public void Functions_OnEveryWidth_GiveTheSameBits(Function function)
    {
        float[] x = [.. s_sample, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.Epsilon, float.MaxValue,
            .. new float[9]];
        int[] expected = Bits(Map<Lanes128>(x, function));
        if (InstructionSets.Runs(InstructionSet.Avx2))
        {
            CollectionAssert.AreEqual(expected, Bits(Map<Lanes256>(x, function)));
        }

        if (InstructionSets.Runs(InstructionSet.Avx512))
        {
            CollectionAssert.AreEqual(expected, Bits(Map<Lanes512>(x, function)));
        }
    }

    [TestMethod]
    public void Functions_SpecialValues_AreAsInIeee()
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f];
        CollectionAssert.AreEqual(new[] { float.NaN, 1, -1, 0, 0 }, Map(special, Function.Erf));
        CollectionAssert.AreEqual(new[] { float.NaN, 1, -1, 0, 0 }, Map(special, Function.Tanh));
        float[] e = Map(special, Function.Exp);
        Assert.IsTrue(float.IsNaN(e[0]) && e[1] is > 1e38f and < float.PositiveInfinity && e[2] is > 0 and < 2e-38f);
        Assert.AreEqual(1f, e[3]);
    }

    /// <summary>Value and slope of the activation functions in float32, in units of 2^-24 of max(1, |x|).</summary>
    [TestMethod]
    [DynamicData(nameof(ActivationFunctionTests.Names), typeof(ActivationFunctionTests))]
    public void Activations_DenseInputs_AreFloat32Exact(string name)
    {
        float[] x = [.. s_sample.Where(v => Math.Abs(v) is < 20 and > 1e-3f)];
        ActivationFunction f = FunctionCases.All[name];
        var at = new Evaluation(x, f.Coefficients);
        f.Accept(at);
        double value = 0, slope = 0;
        for (int i = 0; i < x.Length; i += 37)
        {
            (double y, double d) = ActivationFunctionTests.Twin(f, x[i]);
            double unit = Math.Max(1, Math.Abs(x[i])) / (1 << 24);
            value = Math.Max(value, Math.Abs(y - at.Values[i]) / unit);
            slope = Math.Max(slope, Math.Abs(d - at.Slopes[i]) / unit);
        }

        Assert.IsLessThan(3, value);
        Assert.IsLessThan(3, slope);
    }

    private static double Worst(Function function, Func<double, double> exact) =>
        s_sample.Zip(Map(s_sample, function)).Max(p => Math.Abs(p.Second - exact(p.First)));

    private static double Units(float value, double exact) => Math.Abs(value - exact) / Ulp(exact);

    private static double Ulp(double value) => MathF.BitIncrement((float)Math.Abs(value)) - (double)(float)Math.Abs(value);

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    /// <summary>Every 4801st float32 of either sign, and the limits of the exponential function.</summary>
    private static float[] Sample()
    {
        var values = new List<float> { 88, -87 };
        for (long bits = 0; bits < 0x7F800000; bits += 4801)
        {
            values.Add(BitConverter.Int32BitsToSingle((int)bits));
            values.Add(-values[^1]);
        }

        return [.. values];
    }

    private static float[] Map(float[] x, Function function) => Map<Lanes128>(x, function);

    private static float[] Map<T>(float[] x, Function function) where T : unmanaged, ILanes<T>
    {
        var padded = new float[(x.Length + 15) / 16 * 16];
        x.CopyTo(padded, 0);
        fixed (float* p = padded)
        {
            for (int i = 0; i < padded.Length; i += 16)
            {
                T v = T.Load(p + i);
                T.Store(
                    function switch
                    {
                        Function.Exp => T.Exp(v),
                        Function.Erf => T.Erf(v),
                        Function.Log1p => T.Log1p(v),
                        _ => T.Tanh(v),
                    },
                    p + i);
            }
        }

        return padded[..x.Length];
    }

    public enum Function
    {
        Exp,
        Erf,
        Tanh,
        Log1p,
    }

    private sealed class Evaluation(float[] x, Coefficients p) : IActivationVisitor
    {
        public float[] Values { get; } = new float[(x.Length + 15) / 16 * 16];

        public float[] Slopes { get; } = new float[(x.Length + 15) / 16 * 16];

        public void Visit<TFunction>() where TFunction : struct, IActivationFunction
        {
            x.CopyTo(Values, 0);
            fixed (float* v = Values, s = Slopes)
            {
                for (int i = 0; i < Values.Length; i += 16)
                {
                    (Lanes128 value, Lanes128 slope) = TFunction.At(Lanes128.Load(v + i), p);
                    Lanes128.Store(value, v + i);
                    Lanes128.Store(slope, s + i);
                }
            }
        }
    }
}
