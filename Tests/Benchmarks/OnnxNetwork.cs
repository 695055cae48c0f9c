using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Microsoft.ML.OnnxRuntime;

namespace Interp.Benchmarks;

/// <summary>A network in ONNX Runtime, for one batch size: all optimisations of the graph, input and output where they lie.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly float[] _result;
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    /// <summary>Opens it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="session">A session of it, for the shapes.</param>
    /// <param name="input">What it will read.</param>
    /// <param name="threads">Threads that compute.</param>
    public OnnxNetwork(Network network, Session session, float[] input, int threads)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };

        // Its threads look for work as long as a run lasts, as ours do, but not into the next contestant's turn.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("interp-benchmark-");
        try
        {
            _session = new InferenceSession(OnnxFile.Write(network, session, folder.FullName), options);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        _result = new float[session.ShapeOf(network.Output).Count];
        _input = Value(input, session.InputShape);
        _output = Value(_result, session.ShapeOf(network.Output));
    }

    /// <summary>Its version.</summary>
    public static string Description => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    /// <summary>A forward pass.</summary>
    public void Run() => _session.Run(_options, _session.InputNames, [_input], _session.OutputNames, [_output]);

    /// <summary>Runs, and refuses to be timed if the outputs are not ours.</summary>
    public void Check(Network network, float[] ours)
    {
        Run();
        double error = Accuracy.Error(_result, [.. ours.Select(v => (double)v)]);
        if (!(error < 1e-4))
        {
            throw new InvalidOperationException($"{network.Name}: ONNX Runtime's outputs differ from ours by {error:0.0e-0}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _session.Dispose();
        _options.Dispose();
    }

    private static OrtValue Value(float[] values, Engine.Tensors.Shape shape) =>
        OrtValue.CreateTensorValueFromMemory(values, [.. shape.Dims.Select(d => (long)d)]);
}
