using Interp.Engine.Functions;
using Interp.Engine.Reference;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Kernels of <c>activation.cu</c> beside the engine's functions in float64.</summary>
internal static class ActivationCases
{
    private const string Reason = "some roundings to float32, among them those of the exponential and the error function";
    private const double Tolerance = 1e-6;

    internal static IEnumerable<KernelCase> All() => ActivationFunctions.All.SelectMany(Cases);

    private static IEnumerable<KernelCase> Cases(ActivationFunction function)
    {
        string kernel = $"activation_{function.Name}";
        foreach ((int count, int blocks) in Elementwise.Sizes)
        {
            foreach (bool recorded in (bool[])[true, false])
            {
                yield return new(kernel, $"{count} values{(recorded ? " and slopes" : "")}", run =>
                {
                    float[] x = TestValues.Hard(count, 1);
                    DeviceBuffer<float> y = run.Allocate<float>(count), slopes = run.Allocate<float>(recorded ? count : 1);
                    if (recorded)
                    {
                        run.Over(blocks, 1, run.Upload(x), y, slopes, (long)count);
                    }
                    else
                    {
                        run.Over(blocks, 1, run.Upload(x), y, 0UL, (long)count);
                    }

                    Check(function, x, y, recorded ? slopes : null);
                });
            }
        }

        yield return new(kernel, "the last block of more than 2^32 values", run =>
        {
            float[] x = TestValues.Hard(256, 2);
            DeviceBuffer<float> y = Elementwise.Tail(run), slopes = Elementwise.Tail(run);
            Elementwise.LastBlock(run, Elementwise.Tail(run, x), y, slopes, Elementwise.Far);
            Check(function, x, y, slopes);
        });
    }

    private static void Check(ActivationFunction function, float[] x, DeviceBuffer<float> y, DeviceBuffer<float>? slopes)
    {
        var exact = new Twin(x);
        function.Accept(exact);
        KernelRun.Close(exact.Values, y, Tolerance, Reason);
        if (slopes is not null)
        {
            KernelRun.Close(exact.Slopes, slopes, Tolerance, Reason);
        }
    }

    private sealed class Twin(float[] x) : IActivationVisitor
    {
        internal double[] Values { get; } = new double[x.Length];

        internal double[] Slopes { get; } = new double[x.Length];

        public void Visit<TFunction>() where TFunction : struct, IActivationFunction
        {
            for (int i = 0; i < x.Length; i++)
            {
                (ScalarLane value, ScalarLane slope) = TFunction.At(new ScalarLane(x[i]));
                (Values[i], Slopes[i]) = (value.Value, slope.Value);
            }
        }
    }
}
