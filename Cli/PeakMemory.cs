using System.Diagnostics;
using System.Globalization;

namespace Interp.Cli;

/// <summary>The largest amount of physical memory that the process has held.</summary>
internal static class PeakMemory
{
    /// <summary>Bytes; on Linux the kernel's <c>VmHWM</c>, which .NET's own counter does not follow there.</summary>
    internal static long Bytes()
    {
        if (OperatingSystem.IsLinux())
        {
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
                && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            {
                return value * 1024;
            }
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
