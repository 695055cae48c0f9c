using Interp.Engine.Common;

namespace Interp.Cli.Output;

/// <summary>Files of a command's result. Errors name the option that chose the place.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file, whole or not at all, and the folders above it.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    internal static void Write(string path, string option, Action<Stream> write)
    {
        AtomicFile.Guard(path, Advice(option), () => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!));
        AtomicFile.Write(path, write, Advice(option));
    }

    /// <summary>Makes a folder, so that a place that cannot be written to is known before the work starts.</summary>
    /// <exception cref="OutputException">The folder cannot be made.</exception>
    internal static void CreateFolder(string path, string option) =>
        AtomicFile.Guard(path, Advice(option), () => Directory.CreateDirectory(path));

    /// <summary>Removes a file that would otherwise outlive what it describes.</summary>
    internal static void Delete(string path, string option) => AtomicFile.Guard(path, Advice(option), () => File.Delete(path));

    /// <summary>Removes a folder if nothing is left in it.</summary>
    internal static void DeleteEmpty(string path)
    {
        try
        {
            Directory.Delete(path);
        }
        catch (IOException)
        {
            // Something is left in it, or another run has removed it already.
        }
        catch (UnauthorizedAccessException)
        {
            // An empty folder does no harm.
        }
    }

    private static string Advice(string option) => $"choose another {option}";
}
