namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>
/// Where memory lies: every buffer and every variable in a window of its own, so that no wrong index leads from one into another. Global
/// memory has windows of
/// 256 GiB and begins in their middle; shared and local variables have windows of 16 MiB below 4 GiB.
/// </summary>
internal static class AddressMap
{
    private const int GlobalShift = 38;
    private const int SmallShift = 24;
    private const int FirstShared = 0x10;
    private const int FirstLocal = 0x80;

    /// <summary>The address of a buffer or a global variable; index 0 is not given, so that small numbers are no addresses.</summary>
    internal static ulong Global(int index) => ((ulong)(index + 1) << GlobalShift) + (1UL << (GlobalShift - 1));

    internal static ulong Shared(int index) => (ulong)(FirstShared + index) << SmallShift;

    internal static ulong Local(int index) => (ulong)(FirstLocal + index) << SmallShift;

    /// <summary>The space and the index of the window in which an address lies; -1 for none.</summary>
    internal static (WindowKind Kind, int Index) Find(ulong address)
    {
        if (address >> GlobalShift != 0)
        {
            return (WindowKind.Global, (int)(address >> GlobalShift) - 1);
        }

        int window = (int)(address >> SmallShift);
        return window < FirstLocal ? (WindowKind.Shared, window - FirstShared) : (WindowKind.Local, window - FirstLocal);
    }
}
