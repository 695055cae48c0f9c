using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>
/// Memory that several threads see. Accesses of two threads to the same word of four bytes, one of them writing, must have a barrier of
/// their block between, except
/// that both may write the same value. Nor may a word be written in a launch that reads it through the non-coherent cache.
/// </summary>
internal sealed class TrackedWindow(string name, StateSpace space, ulong address, long length, (long Start, int Count) kept)
    : MemoryWindow(name, space, address, length, kept)
{
    private readonly SharedAccess[] _words = new SharedAccess[(kept.Count + 3) / 4];

    internal override ulong Read(PtxThread thread, int at, int size, bool nonCoherent)
    {
        var now = Accessor.Of(thread);
        for (int word = at / 4; word < (at + size + 3) / 4; word++)
        {
            ref SharedAccess access = ref _words[word];
            if (!access.Writer.IsBefore(now))
            {
                throw Race(access.Writer, "wrote", "reads", word);
            }

            access.NonCoherent |= nonCoherent;
            CheckCoherent(ref access, word);
            access.Reader = access.Reader.With(now);
        }

        return base.Read(thread, at, size, nonCoherent);
    }

    internal override void Write(PtxThread thread, int at, int size, ulong value)
    {
        var now = Accessor.Of(thread);
        for (int word = at / 4; word < (at + size + 3) / 4; word++)
        {
            ref SharedAccess access = ref _words[word];
            if (!access.Reader.IsBefore(now))
            {
                throw Race(access.Reader, "read", "writes", word);
            }

            if (!access.Writer.IsBefore(now) && Peek(at, size) != (value & (ulong.MaxValue >> (64 - (8 * size)))))
            {
                throw Race(access.Writer, "wrote", "writes something else into", word);
            }

            access.Writer = now;
            CheckCoherent(ref access, word);
        }

        base.Write(thread, at, size, value);
    }

    /// <summary>Forgets who used it, not what it holds: at the start of a launch.</summary>
    internal void ForgetAccesses() => Array.Clear(_words);

    internal override void Clear()
    {
        base.Clear();
        ForgetAccesses();
    }

    private void CheckCoherent(ref SharedAccess access, int word)
    {
        if (access.NonCoherent && !access.Writer.IsNone)
        {
            throw new PtxFault(FaultKind.NonCoherentRead,
                $"word {word} of '{Name}' is read through the non-coherent cache and written in the same launch");
        }
    }

    private PtxFault Race(Accessor other, string did, string does, int word) => new(
        Space == StateSpace.Shared ? FaultKind.SharedRace : FaultKind.GlobalRace,
        $"{does} word {word} of '{Name}', which "
            + $"{(other.Thread == Accessor.Several ? "other threads" : $"thread {other.Thread - 1} of the grid")} {did} with no barrier "
            + "between");
}
