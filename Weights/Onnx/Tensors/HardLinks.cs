using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Interp.Weights.Onnx.Tensors;

/// <summary>How many names an open file has.</summary>
internal static partial class HardLinks
{
    private const int EmptyPath = 0x1000;
    private const uint LinkCount = 4;

    /// <summary>The number of names; 1 where the system does not tell it.</summary>
    internal static unsafe long Of(SafeFileHandle handle)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // struct statx, the same on every processor: the number of links is its fifth 32-bit number.
                uint* state = stackalloc uint[64];
                return Statx(handle, "", EmptyPath, LinkCount, state) == 0 && (state[0] & LinkCount) != 0 ? state[4] : 1;
            }

            if (OperatingSystem.IsWindows())
            {
                // BY_HANDLE_FILE_INFORMATION: the number of links is its eleventh 32-bit number.
                uint* information = stackalloc uint[13];
                return GetFileInformationByHandle(handle, information) != 0 ? information[10] : 1;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A system without that call.
        }

        return 1;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(SafeFileHandle folder, string path, int flags, uint mask, uint* state);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static unsafe partial int GetFileInformationByHandle(SafeFileHandle file, uint* information);
}
