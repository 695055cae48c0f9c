using System.Diagnostics;

namespace Interp.Tests.Support;

/// <summary>Scripts of the repository as a user runs them.</summary>
internal static class Shell
{
    /// <summary>Runs a command line of bash in the repository.</summary>
    public static (int ExitCode, string Output, string Error) Run(string commands)
    {
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", commands])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Folder,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
