using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Engine.Layers;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Cuda.Layers;

/// <summary>A layer each of whose output pixels is one of the input's, or a constant, by tables of rows and columns on the device.</summary>
internal sealed class PixelLayer : CudaLayer
{
    private readonly Shape _input;
    private readonly Shape _output;
    private readonly float _outside;
    private readonly DeviceMemory _tables;
    private readonly ulong[] _at; // where each table starts

    internal PixelLayer(CudaBackend backend, IPixelLayer layer, Shape input, Shape output) : base(backend)
    {
        (_input, _output, _outside) = (input, output, (float)layer.Outside);
        (int[] rows, int[] columns) = layer.At(input[2], input[3]);
        (int[] First, int[] At) down = PixelMap.Readers(rows, input[2]), across = PixelMap.Readers(columns, input[3]);
        int[][] tables = [rows, columns, down.First, down.At, across.First, across.At];
        int[] all = [.. tables.SelectMany(t => t)];
        _tables = CudaContext.Allocate(all.Length * sizeof(int), "tables of pixels");
        _at = new ulong[tables.Length];
        ulong next = _tables.Address;
        for (int i = 0; i < tables.Length; i++)
        {
            _at[i] = next;
            next += (ulong)tables[i].Length * sizeof(int);
        }

        backend.Stream.Upload(MemoryMarshal.Cast<int, float>(all), _tables.Address);
    }

    internal override void Forward(LayerRun run) => Backend.Kernels.LaunchPlanes(
        Backend.Stream, "pixels_forward", (long)_output[0] * _output[1], PlaneOf(_output), 1, run.Inputs[0], run.Output, _at[0], _at[1],
        _outside, _input[2], _input[3], _output[2], _output[3]);

    internal override void Backward(LayerRun run, ReluRule rule) => Backend.Kernels.LaunchPlanes(
        Backend.Stream, "pixels_backward", (long)_input[0] * _input[1], PlaneOf(_input), 1, run.OutputGradient, run.InputGradients[0],
        _at[2], _at[3], _at[4], _at[5], _input[2], _input[3], _output[2], _output[3]);

    public override void Dispose()
    {
        _tables.Dispose();
        base.Dispose();
    }
}
