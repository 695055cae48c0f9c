using Interp.Engine.Functions;
using Interp.Tests.Cuda.Ptx.Storage;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Kernels of <c>activation.cu</c> beside the engine's functions in float64.</summary>
internal static class ActivationCases
{
    private const string Reason = "some roundings to float32, among them those of the exponential and the error function";
    private const double Tolerance = 1e-6;

    internal static IEnumerable<KernelCase> All() => [.. FunctionCases.All.Values.SelectMany(Cases), .. Slopes()];

    private static IEnumerable<KernelCase> Cases(ActivationFunction function)
    {
        string kernel = $"activation_{function.Name}";
        (float a, float b, float c) = ((float)function.Coefficients.A, (float)function.Coefficients.B, (float)function.Coefficients.C);
        foreach ((int count, int blocks) in Elementwise.Sizes)
        {
            foreach (bool recorded in (bool[])[true, false])
            {
                yield return new(kernel, $"{FunctionCases.Label(function)}, {count} values{(recorded ? " and slopes" : "")}", run =>
                {
                    float[] x = TestValues.Hard(count, 1);
                    DeviceBuffer<float> y = run.Allocate<float>(count), slopes = run.Allocate<float>(recorded ? count : 1);
                    if (recorded)
                    {
                        run.Over(blocks, 1, run.Upload(x), y, slopes, a, b, c, (long)count);
                    }
                    else
                    {
                        run.Over(blocks, 1, run.Upload(x), y, 0UL, a, b, c, (long)count);
                    }

                    Check(function, x, y, recorded ? slopes : null);
                });
            }
        }

        yield return new(kernel, $"{FunctionCases.Label(function)}, the last block of more than 2^32 values", run =>
        {
            float[] x = TestValues.Hard(256, 2);
            DeviceBuffer<float> y = Elementwise.Tail(run), slopes = Elementwise.Tail(run);
            Elementwise.LastBlock(run, Elementwise.Tail(run, x), y, slopes, a, b, c, Elementwise.Far);
            Check(function, x, y, slopes);
        });
    }

    /// <summary>A slope for each channel, bit for bit.</summary>
    private static IEnumerable<KernelCase> Slopes() =>
        from plane in (int[])[37, 1024, 3600]
        from recorded in (bool[])[true, false]
        select new KernelCase("prelu_forward", $"6 planes of {plane}, 3 channels{(recorded ? ", and slopes" : "")}", run =>
        {
            float[] x = TestValues.Hard(6 * plane, 3), slope = TestValues.Normal(3, 4);
            DeviceBuffer<float> y = run.Allocate<float>(x.Length), slopes = run.Allocate<float>(recorded ? x.Length : 1);
            if (recorded)
            {
                run.Planes(6, plane, 1, run.Upload(x), run.Upload(slope), y, slopes, 3, plane);
                KernelRun.SameBits(TestValues.Fill(x.Length, i => x[i] > 0 ? 1f : slope[i / plane % 3]), slopes);
            }
            else
            {
                run.Planes(6, plane, 1, run.Upload(x), run.Upload(slope), y, 0UL, 3, plane);
            }

            KernelRun.SameBits(TestValues.Fill(x.Length, i => x[i] > 0 ? x[i] : x[i] * slope[i / plane % 3]), y);
        });

    /// <summary>A value that a float32 is too small for is infinite.</summary>
    private static double Held(double value) => Math.Abs(value) > float.MaxValue ? Math.Sign(value) * double.PositiveInfinity : value;

    private static void Check(ActivationFunction function, float[] x, DeviceBuffer<float> y, DeviceBuffer<float>? slopes)
    {
        KernelRun.Close(TestValues.Fill(x.Length, i => Held(function.At(x[i]).Value)), y, Tolerance, Reason);
        if (slopes is not null)
        {
            KernelRun.Close(TestValues.Fill(x.Length, i => function.At(x[i]).Slope), slopes, Tolerance, Reason);
        }
    }
}
