using System.ComponentModel;
using System.Diagnostics;

namespace Interp.Tests.Support;

/// <summary>Programs and libraries in C that a test builds for itself; without gcc it is inconclusive.</summary>
internal static class CCompiler
{
    /// <summary>Builds a program from a source of the tests.</summary>
    public static void BuildProgram(string source, string program) => Build(source, program, []);

    /// <summary>Builds a shared library from a source of the tests.</summary>
    public static void BuildLibrary(string source, string library, params string[] options) =>
        Build(source, library, ["-shared", "-fPIC", .. options]);

    private static void Build(string source, string output, string[] options)
    {
        string[] arguments = [
            "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", .. options, Repository.PathOf("Tests", source), "-o", output, "-ldl"];
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, error);
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("gcc is missing");
        }
    }
}
