using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Interp.Cuda.Profiling;

/// <summary>
/// A profiler's library that listens to ranges. It is handed a function that gives, by number, tables of this side: the one used here gives
/// for each group of
/// NVTX functions an array of pointers to places, into which the tool writes those of its functions that are to be called.
/// </summary>
/// <remarks>The interface is that of <c>nvtxTypes.h</c> in NVTX 3. The tables live as long as the process: the tool may write into them at
/// any time.</remarks>
internal sealed unsafe class NvtxTool
{
    /// <summary>The environment variable in which tools name their library.</summary>
    internal const string PathVariable = "NVTX_INJECTION64_PATH";

    private const string EntryPoint = "InitializeInjectionNvtx2";
    private const uint CallbacksTable = 1, VersionTable = 3;
    private const uint Version = 3;
    private const int Core = 1, RangePushA = 9, RangePop = 11;

    /// <summary>How many functions each group has, the one numbered 0, which is none, included: none, core, CUDA, OpenCL, CUDA run time,
    /// domains, synchronisation.</summary>
    private static readonly int[] FunctionCounts = [0, 16, 9, 15, 7, 16, 7];

    private static readonly Lock s_lock = new();
    private static NvtxTool? s_attaching;

    /// <summary>Per group: pointers to the places that the tool fills, then null.</summary>
    private readonly void***[] _groups;
    private readonly Callbacks* _callbacks;
    private readonly VersionInfo* _version;

    private NvtxTool()
    {
        _groups = new void***[FunctionCounts.Length];
        for (int group = 1; group < _groups.Length; group++)
        {
            int count = FunctionCounts[group];
            void** places = (void**)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(void*));
            _groups[group] = (void***)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(void**));
            for (int i = 1; i < count; i++)
            {
                _groups[group][i] = places + i;
            }
        }

        _callbacks = (Callbacks*)NativeMemory.Alloc((nuint)sizeof(Callbacks));
        *_callbacks = new Callbacks { Size = (nuint)sizeof(Callbacks), GetFunctions = &GetFunctions };
        _version = (VersionInfo*)NativeMemory.Alloc((nuint)sizeof(VersionInfo));
        *_version = new VersionInfo { Size = (nuint)sizeof(VersionInfo), Version = Version, SetToolVersion = &SetToolVersion };
    }

    /// <summary>Loads a tool's library and lets it attach; null where there is none or it declines.</summary>
    internal static NvtxTool? Attach(string? path)
    {
        if (string.IsNullOrEmpty(path) || !NativeLibrary.TryLoad(path, out nint library)
            || !NativeLibrary.TryGetExport(library, EntryPoint, out nint entry))
        {
            return null;
        }

        lock (s_lock)
        {
            var tool = s_attaching = new NvtxTool();
            return ((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<uint, void*>, int>)entry)(&GetTable) != 0 ? tool : null;
        }
    }

    /// <summary>Begins a range on this thread.</summary>
    internal void Push(string name)
    {
        var push = (delegate* unmanaged[Cdecl]<byte*, int>)*_groups[Core][RangePushA];
        if (push is not null)
        {
            nint text = Marshal.StringToCoTaskMemUTF8(name);
            _ = push((byte*)text);
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Ends the range of this thread that began last.</summary>
    internal void Pop()
    {
        var pop = (delegate* unmanaged[Cdecl]<int>)*_groups[Core][RangePop];
        if (pop is not null)
        {
            _ = pop();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* GetTable(uint id) => id switch
    {
        CallbacksTable => s_attaching!._callbacks,
        VersionTable => s_attaching!._version,
        _ => null,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetFunctions(int group, void**** table, uint* count)
    {
        if (group <= 0 || group >= FunctionCounts.Length)
        {
            return 0;
        }

        if (table is not null)
        {
            *table = s_attaching!._groups[group];
        }

        if (count is not null)
        {
            *count = (uint)FunctionCounts[group];
        }

        return 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SetToolVersion(uint version)
    {
    }

    private struct Callbacks
    {
        public nuint Size;
        public delegate* unmanaged[Cdecl]<int, void****, uint*, int> GetFunctions;
    }

    /// <summary>Four bytes after the version are reserved.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private struct VersionInfo
    {
        [FieldOffset(0)]
        public nuint Size;

        [FieldOffset(8)]
        public uint Version;

        [FieldOffset(16)]
        public delegate* unmanaged[Cdecl]<uint, void> SetToolVersion;
    }
}
