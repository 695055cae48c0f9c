using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Cases of kernels whose threads loop over all elements: many times each, less than once, and where offsets need more than 32
/// bits.</summary>
internal static class Elementwise
{
    /// <summary>More than 2^32.</summary>
    internal const long Far = 5_000_000_000;

    private const int Block = 256;
    private const int Many = 5000;

    /// <summary>Compilers unroll the loop four times: here threads go through it 9 or 10 times, 4 times, and once or never.</summary>
    internal static readonly (int Count, int Blocks)[] Sizes = [(Many, 2), (2048, 2), (100, 1)];

    /// <summary>Cases of a kernel with parameters inputs, result, count; bit for bit.</summary>
    /// <param name="kernel">Its name.</param>
    /// <param name="inputs">How many inputs it has.</param>
    /// <param name="twin">What stands at an element of the result, from the inputs' elements.</param>
    /// <param name="inPlace">The input that the result takes the place of in every launch, there being no parameter for it; -1 for
    /// none.</param>
    internal static IEnumerable<KernelCase> Cases(string kernel, int inputs, Func<float[], float> twin, int inPlace = -1)
    {
        foreach ((int count, int blocks) in Sizes)
        {
            yield return new(kernel, $"{count} values", run =>
            {
                float[][] values = Values(inputs, count);
                KernelRun.SameBits(Expected(values, twin), Launch(run, values, inPlace, count, a => run.Over(blocks, 1, a)));
            });
        }

        yield return new(kernel, "the last block of more than 2^32 values", run =>
        {
            float[][] values = Values(inputs, Block);
            KernelRun.SameBits(Expected(values, twin), Launch(run, values, inPlace, Far, a => LastBlock(run, a)));
        });
    }

    /// <summary>A case in which the result takes the place of an input that the launch names twice.</summary>
    internal static KernelCase InPlace(string kernel, int inputs, Func<float[], float> twin, int place) => new(kernel, "in place", run =>
    {
        float[][] values = Values(inputs, Many);
        DeviceBuffer<float>[] buffers = [.. values.Select(run.Upload)];
        run.Over(2, 1, [.. buffers, buffers[place], (long)Many]);
        KernelRun.SameBits(Expected(values, twin), buffers[place]);
    });

    /// <summary>The last block of <see cref="Far"/> elements.</summary>
    internal static void LastBlock(KernelRun run, params ReadOnlySpan<KernelArgument> arguments) =>
        run.Blocks(new((uint)(Far / Block)), [(Far / Block) - 1], arguments);

    /// <summary>A buffer of <see cref="Far"/> elements, of which only the last block's are kept: as many as given values, or unwritten
    /// ones.</summary>
    internal static DeviceBuffer<float> Tail(KernelRun run, float[]? values = null)
    {
        DeviceBuffer<float> buffer = run.AllocatePart<float>(Far, Far - Block, Block);
        if (values is not null)
        {
            buffer.Fill(values);
        }

        return buffer;
    }

    private static float[][] Values(int inputs, int count) => [.. Enumerable.Range(1, inputs).Select(seed => TestValues.Hard(count, seed))];

    private static float[] Expected(float[][] values, Func<float[], float> twin) =>
        TestValues.Fill(values[0].Length, i => twin([.. values.Select(v => v[i])]));

    private static DeviceBuffer<float> Launch(
        KernelRun run, float[][] values, int inPlace, long count, Action<KernelArgument[]> launch)
    {
        DeviceBuffer<float>[] buffers = [.. values.Select(v => count == Far ? Tail(run, v) : run.Upload(v))];
        DeviceBuffer<float> result = inPlace >= 0 ? buffers[inPlace] : count == Far ? Tail(run) : run.Allocate<float>((int)count);
        KernelArgument[] addresses = [.. buffers.Select(b => (KernelArgument)b)];
        launch(inPlace >= 0 ? [.. addresses, count] : [.. addresses, result, count]);
        return result;
    }
}
