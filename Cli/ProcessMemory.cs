using System.Diagnostics;
using System.Globalization;

namespace Interp.Cli;

/// <summary>The physical memory that the process holds, mapped model files included.</summary>
internal static class ProcessMemory
{
    /// <summary>Bytes now.</summary>
    internal static long Now() => Status("VmRSS:") ?? Environment.WorkingSet;

    /// <summary>The most bytes so far; on Linux the kernel's <c>VmHWM</c>, which .NET's own counter does not follow there.</summary>
    internal static long Peak()
    {
        if (Status("VmHWM:") is { } bytes)
        {
            return bytes;
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static long? Status(string key)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value * 1024 : null;
    }
}
