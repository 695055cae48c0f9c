using System.Reflection;
using System.Runtime.InteropServices;

namespace Interp.Cuda.Native;

/// <summary>
/// Finds and loads the vendor's libraries, once for the process, and remembers every place that was tried. Places in order: the folders of
/// the environment
/// variable <c>INTERP_CUDA_PATH</c>, the program's own folder, the toolkit's usual folder, and where the system looks.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>The environment variable that names folders to search first.</summary>
    internal const string PathVariable = "INTERP_CUDA_PATH";

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<(string Name, string? Folder), LibrarySearch> s_searches = [];
    private static readonly Dictionary<string, LibrarySearch> s_bound = [];
    private static bool s_resolving;

    /// <summary>Loads a library if it was not yet, and says what happened. A search that found nothing is done again.</summary>
    /// <param name="library">Which.</param>
    /// <param name="folder">Where to look first instead of the environment variable's folders.</param>
    internal static LibrarySearch Load(NativeLibraryFiles library, string? folder)
    {
        lock (s_lock)
        {
            if (!s_resolving)
            {
                NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
                s_resolving = true;
            }

            if (!s_searches.TryGetValue((library.Name, folder), out LibrarySearch? search) || !search.Found)
            {
                s_searches[(library.Name, folder)] = search = Bind(Search(library, folder));
            }

            return search;
        }
    }

    private static LibrarySearch Bind(LibrarySearch search)
    {
        if (!search.Found || s_bound.TryAdd(search.Name, search) || s_bound[search.Name].Handle == search.Handle)
        {
            return search;
        }

        var taken = new LibraryAttempt(search.File!, $"this process uses {s_bound[search.Name].File} already");
        return search with { File = null, Handle = 0, Tried = [.. search.Tried, taken] };
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        lock (s_lock)
        {
            return s_bound.TryGetValue(name, out LibrarySearch? bound) ? bound.Handle : 0;
        }
    }

    private static LibrarySearch Search(NativeLibraryFiles library, string? first)
    {
        var tried = new List<LibraryAttempt>();
        foreach (string file in Folders(first).SelectMany(folder => library.OfThisSystem.Select(name => Path.Combine(folder, name))))
        {
            if (!File.Exists(file))
            {
                tried.Add(new LibraryAttempt(file, "not there"));
            }
            else if (TryLoad(file, tried, out nint handle))
            {
                return new LibrarySearch(library.Name, file, handle, tried);
            }
        }

        foreach (string name in library.OfThisSystem)
        {
            if (TryLoad(name, tried, out nint handle))
            {
                return new LibrarySearch(library.Name, name, handle, tried);
            }
        }

        return new LibrarySearch(library.Name, null, 0, tried);
    }

    private static IEnumerable<string> Folders(string? first)
    {
        first ??= Environment.GetEnvironmentVariable(PathVariable);
        string[] named = first?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        string? toolkit = Environment.GetEnvironmentVariable("CUDA_PATH");
        string[] usual = OperatingSystem.IsWindows()
            ? toolkit is null ? [] : [Path.Combine(toolkit, "bin"), Path.Combine(toolkit, "bin", "x64")]
            : [.. toolkit is null ? [] : new[] { Path.Combine(toolkit, "lib64") }, "/usr/local/cuda/lib64"];
        return [.. named, AppContext.BaseDirectory, .. usual];
    }

    private static bool TryLoad(string file, List<LibraryAttempt> tried, out nint handle)
    {
        try
        {
            handle = NativeLibrary.Load(file);
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            tried.Add(new LibraryAttempt(file, Path.IsPathRooted(file) ? FirstLine(e.Message) : "the system finds none"));
            handle = 0;
            return false;
        }
    }

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}

/// <summary>A place where a library was looked for in vain.</summary>
internal sealed record LibraryAttempt(string Path, string Reason);

/// <summary>How the search for a library went.</summary>
/// <param name="Name">The library's name in bindings.</param>
/// <param name="File">What was loaded, or null.</param>
/// <param name="Handle">The loaded library, or 0.</param>
/// <param name="Tried">The places before that.</param>
internal sealed record LibrarySearch(string Name, string? File, nint Handle, IReadOnlyList<LibraryAttempt> Tried)
{
    internal bool Found => Handle != 0;
}
