using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>Inputs side by side along the channels.</summary>
internal sealed class ConcatLayer(CudaBackend backend, Shape[] inputs, Shape output) : CudaLayer(backend)
{
    internal override void Forward(LayerRun run) =>
        ForEach((i, block, whole, offset) => Copy(run.Inputs[i], run.Output + offset, block, whole, block));

    internal override void Backward(LayerRun run, ReluRule rule) => ForEach((i, block, whole, offset) =>
    {
        if (run.InputGradients[i] != 0)
        {
            Copy(run.OutputGradient + offset, run.InputGradients[i], whole, block, block);
        }
    });

    private void ForEach(Action<int, long, long, ulong> action)
    {
        long whole = output.WithBatch(1).Count;
        ulong offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            long block = inputs[i].WithBatch(1).Count;
            action(i, block, whole, offset);
            offset += (ulong)block * sizeof(float);
        }
    }

    private void Copy(ulong from, ulong to, long fromStride, long toStride, long length) =>
        Backend.Kernels.LaunchOver(Backend.Stream, "copy_blocks", length, output[0], from, to, fromStride, toStride, length);
}
