using System.Diagnostics;

namespace Interp.Tests.Support;

/// <summary>Programs and scripts as a user runs them.</summary>
internal static class Shell
{
    /// <summary>Runs a command line of bash in the repository.</summary>
    public static (int ExitCode, string Output, string Error) Run(string commands) =>
        Run(new ProcessStartInfo("bash", ["-c", commands]) { WorkingDirectory = Repository.Folder });

    /// <summary>Runs a program to its end; what it says is read as it comes, so that it never waits for a reader.</summary>
    public static (int ExitCode, string Output, string Error) Run(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
