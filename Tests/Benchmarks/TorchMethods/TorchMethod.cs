namespace Interp.Benchmarks.TorchMethods;

/// <summary>
/// What a user of another library runs for a method, as passes and batches in libtorch: those that the library makes with its defaults, but
/// as many
/// samples as ours, with the heavy operations on maps and masks. Contiguous memory, as the libraries leave it.
/// </summary>
/// <param name="Name">Library and class.</param>
/// <param name="Passes">Passes of one image, forward / backward.</param>
/// <param name="Batch">Images in a run.</param>
/// <param name="Run">Runs it; long loops go through the sample.</param>
internal sealed record TorchMethod(string Name, string Passes, string Batch, Action<TorchSubject, Sample> Run)
{
    /// <summary>A method without long loops.</summary>
    public TorchMethod(string name, string passes, string batch, Action<TorchSubject> run)
        : this(name, passes, batch, (subject, _) => run(subject))
    {
    }
}
