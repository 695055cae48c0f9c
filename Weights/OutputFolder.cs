using Interp.Engine.Common;
using Interp.Weights.Raw;

namespace Interp.Weights;

/// <summary>
/// A model folder in the making. It is written beside its final place under a temporary name and takes the final name in one step at the
/// end; unless <see cref="Commit"/> was reached, disposing of it removes every trace.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly string _target;
    private readonly List<string> _created = [];
    private bool _committed;

    /// <summary>Creates the temporary folder.</summary>
    /// <exception cref="OutputException">The target is taken by something that is no model, or cannot be written.</exception>
    internal OutputFolder(string folder)
    {
        _target = Resolve(folder);
        CheckTarget(_target);
        string parent = Path.GetDirectoryName(_target)!;
        Try(() =>
        {
            for (string? missing = parent; missing is not null && !Directory.Exists(missing); missing = Path.GetDirectoryName(missing))
            {
                _created.Add(missing);
            }

            Directory.CreateDirectory(parent);
            TemporaryPath = Sibling("partial");
            Directory.CreateDirectory(TemporaryPath);
        });
    }

    /// <summary>The folder to write into.</summary>
    internal string TemporaryPath { get; private set; } = "";

    /// <summary>Checks that a folder may be written: it does not exist, is empty, or is a model of ours, which is then replaced.</summary>
    /// <exception cref="OutputException">It may not.</exception>
    internal static void CheckTarget(string folder)
    {
        string target = Resolve(folder);
        if (File.Exists(target))
        {
            throw new OutputException($"{folder}: is a file, expected a new or empty folder or a model's");
        }

        if (Path.GetDirectoryName(target) is null)
        {
            throw new OutputException($"{folder}: expected a folder that can be created or replaced");
        }

        if (Directory.Exists(target))
        {
            string[] names = Run(folder, () => Directory.EnumerateFileSystemEntries(target).Take(3).Select(Path.GetFileName).ToArray())!;
            bool model = names.Contains(RawFormat.DocumentFile) && names.All(n => n is RawFormat.DocumentFile or RawFormat.TensorFile);
            if (names.Length > 0 && !model)
            {
                throw new OutputException(
                    $"{folder}: holds other files ({Text.OneLine(names[0])}, …), expected a new or empty folder or a model's; "
                    + "choose another folder");
            }
        }
    }

    /// <summary>Runs a step that writes, turning failures of the disk into an error that names the target.</summary>
    /// <exception cref="OutputException">The disk is full, or the folder cannot be written.</exception>
    internal void Try(Action write) => Run(_target, () =>
    {
        write();
        return 0;
    });

    /// <summary>Gives the folder its final name. A model that had it before is put aside first and comes back if that fails.</summary>
    /// <exception cref="OutputException">It cannot be renamed, or something else has taken its place meanwhile.</exception>
    internal void Commit()
    {
        CheckTarget(_target);
        Try(() =>
        {
            string? old = null;
            if (Directory.Exists(_target))
            {
                old = Sibling("old");
                Directory.Move(_target, old);
            }

            try
            {
                Directory.Move(TemporaryPath, _target);
                _committed = true;
            }
            catch when (old is not null)
            {
                Directory.Move(old, _target);
                throw;
            }

            if (old is not null)
            {
                Remove(old);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_committed)
        {
            return;
        }

        _committed = true;
        Remove(TemporaryPath);
        foreach (string folder in _created)
        {
            try
            {
                Directory.Delete(folder, recursive: false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    private static string Resolve(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.Exists(full) ? new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full : full;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was asked for is done; a leftover under a temporary name is no reason to fail.
        }
    }

    private static T Run<T>(string folder, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = Text.OneLine(e.Message).TrimEnd('.');
            throw new OutputException($"{folder}: cannot be written: {why}; free space or choose another folder", e);
        }
    }

    private string Sibling(string kind)
    {
        string name = Path.GetFileName(_target);
        return Path.Combine(Path.GetDirectoryName(_target)!, $".{name}.{Path.GetRandomFileName()}.{kind}");
    }
}
