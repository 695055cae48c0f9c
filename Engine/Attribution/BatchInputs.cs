using System.Runtime.ExceptionServices;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution;

/// <summary>Makes the inputs of a batch.</summary>
internal static class BatchInputs
{
    /// <summary>Fills a batch: in order on the calling thread, or by several threads, of which the first exception is thrown.</summary>
    /// <param name="inputs">The batch's place.</param>
    /// <param name="count">Inputs in it.</param>
    /// <param name="first">The index of the first.</param>
    /// <param name="fill">Makes each.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="cancel">Checked before each input where there are several threads.</param>
    internal static void Fill(float[] inputs, int count, int first, InputFiller fill, int threads, CancellationToken cancel)
    {
        int each = inputs.Length / count;
        if (threads == 1)
        {
            for (int i = 0; i < count; i++)
            {
                fill(first + i, inputs.AsSpan(i * each, each));
            }

            return;
        }

        try
        {
            Parallel.For(0, count, ThreadLimit.Of(threads, cancel), i => fill(first + i, inputs.AsSpan(i * each, each)));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
