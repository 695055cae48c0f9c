using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Cli;

/// <summary>
/// The inputs that a user's files and folders stand for, each once. A single file that cannot be used ends the command; among several it is
/// reported, the others are worked on, and the command ends with <see cref="ExitCodes.Usage"/>.
/// </summary>
internal sealed class InputList
{
    private const int RemarksShown = 3;

    private readonly Invocation _run;
    private readonly List<string> _files = [];

    /// <param name="run">The command's run.</param>
    /// <param name="paths">Files and folders, or null for the command's arguments.</param>
    /// <param name="perFolder">How many images to take of each folder at most; 0 for all.</param>
    internal InputList(Invocation run, string[]? paths = null, int perFolder = 0)
    {
        _run = run;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        paths ??= run.Get(SharedOptions.Images);
        foreach (string path in paths)
        {
            Try(paths.Length > 1, () =>
            {
                ImageList found = ImageList.Of(path, perFolder);
                _files.AddRange(found.Files.Where(f => seen.Add(Path.GetFullPath(f))));
                if (found.Remark is { } remark)
                {
                    run.Note(remark);
                }

                if (found.Unread is { } unread)
                {
                    Fail(new InputException(unread));
                }
            });
        }
    }

    /// <summary>The files in the order in which they are worked on.</summary>
    internal IReadOnlyList<string> Files => _files;

    /// <summary>The command's exit code if nothing else goes wrong.</summary>
    internal int ExitCode { get; private set; }

    /// <summary>Reads each file and hands on what is in it.</summary>
    /// <param name="network">For its preprocessing.</param>
    /// <param name="use">Given the file's place in the list, an input, and its place in the file or null where there is only one.</param>
    /// <param name="first">The place in the list to begin with.</param>
    internal void ForEach(Network network, Action<int, NetworkInput, int?> use, int first = 0) => ForEach(
        i =>
        {
            IReadOnlyList<NetworkInput> inputs = NetworkInput.Read(_files[i], network, _run.Cancel);
            for (int j = 0; j < inputs.Count; j++)
            {
                use(i, inputs[j], inputs.Count > 1 ? j : null);
            }

            return inputs[0].Remark;
        },
        first);

    /// <summary>Works on each file.</summary>
    /// <param name="use">Given the file's place in the list; returns what is doubtful about the file, or null.</param>
    /// <param name="first">The place in the list to begin with.</param>
    internal void ForEach(Func<int, string?> use, int first = 0)
    {
        int remarks = 0;
        for (int i = first; i < _files.Count; i++)
        {
            _run.Cancel.ThrowIfCancellationRequested();
            Try(_files.Count > 1 || ExitCode != ExitCodes.Done, () =>
            {
                if (use(i) is { } remark && ++remarks <= RemarksShown)
                {
                    _run.Note($"{_files[i]}: {remark}");
                }
            });
        }

        if (remarks > RemarksShown)
        {
            _run.Note($"the same is to be said of {remarks - RemarksShown} more images");
        }
    }

    private void Try(bool oneOfMany, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (oneOfMany && e is InputException or ModelException)
        {
            Fail(e);
        }
    }

    private void Fail(Exception e)
    {
        _run.Fail(e);
        ExitCode = ExitCodes.Worse(ExitCode, ExitCodes.Of(e));
    }
}
