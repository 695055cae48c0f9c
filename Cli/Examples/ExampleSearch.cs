using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Examples;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Cli.Examples;

/// <summary>Numbers of every channel of a layer at every place, for some images of one size: <c>[N,C,h,w]</c> or <c>[N,F]</c>.</summary>
internal delegate (Shape Shape, float[] Values) LayerReader(IReadOnlyList<NetworkInput> inputs, CancellationToken cancel);

/// <summary>One pass over all images: what every wanted channel does on each of them. Images are read while others run, and none is
/// held.</summary>
internal sealed class ExampleSearch
{
    private readonly Invocation _run;
    private readonly Explainer _explainer;
    private readonly LayerReader _read;
    private readonly InputList _inputs;
    private readonly Failures _failures;
    private readonly int _batch;

    /// <param name="run">The command's run.</param>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="read">What is read of images: a layer's activations, or its relevance.</param>
    /// <param name="inputs">The images.</param>
    /// <param name="progress">Where to go on from.</param>
    /// <param name="failures">Told of images that the network cannot be run on.</param>
    internal ExampleSearch(Invocation run, Explainer explainer, LayerReader read, InputList inputs, ExampleProgress progress,
        Failures failures)
    {
        (_run, _explainer, _read, _inputs, Progress, _failures) = (run, explainer, read, inputs, progress, failures);
        _batch = MemoryFlags.Read(run).Batch;
    }

    /// <summary>What is done; always at the border between two batches.</summary>
    internal ExampleProgress Progress { get; private set; }

    /// <summary>The files of this pass that could be read.</summary>
    internal List<string> Files { get; } = [];

    /// <summary>Works on what is left.</summary>
    /// <param name="also">Takes each batch of images and activations as well, or null.</param>
    /// <param name="checkpoint">Called after each batch, or null.</param>
    /// <exception cref="OperationCanceledException">Cancelled; <see cref="Progress"/> says how far it came.</exception>
    internal void Run(Action<IReadOnlyList<NetworkInput>, Shape, float[]>? also = null, Action? checkpoint = null)
    {
        (int firstFile, int firstPart) = (Progress.NextFile, Progress.NextPart);
        using var ahead = new ReadAhead<ReadImage>(
            add => _inputs.ForEach(
                _explainer.Network, (i, input, part) => add(new ReadImage(i, part ?? 0, part, input)), firstFile),
            2 * _batch);
        _run.Progress("reading").Run(report =>
        {
            var batch = new List<ReadImage>();
            foreach (ReadImage image in ahead.Images().Where(p => p.File > firstFile || p.Part >= firstPart))
            {
                if (batch.Count == _batch || (batch.Count > 0 && SizeOf(batch[0].Input) != SizeOf(image.Input)))
                {
                    Finish();
                }

                batch.Add(image);
            }

            Finish();
            return Progress.Images;

            void Finish()
            {
                if (batch.Count > 0)
                {
                    string first = Readable.Path(batch[0].Input.Path);
                    string piece = batch.Count == 1 ? first : $"{first} to {Readable.Path(batch[^1].Input.Path)}";
                    _failures.Try(piece, piece, alone: _inputs.Files.Count == 1, () => Take(batch, also));
                    report(Path.GetFileName(batch[^1].Input.Path), batch[^1].File + 1, _inputs.Files.Count);
                    batch.Clear();
                    checkpoint?.Invoke();
                }
            }
        });
    }

    private void Take(List<ReadImage> batch, Action<IReadOnlyList<NetworkInput>, Shape, float[]>? also)
    {
        NetworkInput[] inputs = [.. batch.Select(p => p.Input)];
        (Shape shape, float[] activation) = _read(inputs, _run.Cancel);
        also?.Invoke(inputs, shape, activation);
        for (int row = 0; row < batch.Count; row++)
        {
            ReadImage image = batch[row];
            foreach (UnitExamples unit in Progress.Units)
            {
                unit.Add(image.Input.Path, image.Index, activation, shape, row);
            }

            if (Files.Count == 0 || Files[^1] != image.Input.Path)
            {
                Files.Add(image.Input.Path);
            }

            Progress = Progress.After(image);
        }
    }

    private static (int, int) SizeOf(NetworkInput input) => (input.Image.Height, input.Image.Width);
}
