using System.Buffers.Binary;
using System.Text;

namespace Interp.Benchmarks;

/// <summary>Required symbol versions of a 64-bit little-endian ELF library (System V ABI; "ELF symbol versioning", U. Drepper).</summary>
internal static class ElfVersions
{
    private const uint VersionsNeeded = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>Marks every requirement of a version as weak: the loader accepts a system library without it.</summary>
    /// <exception cref="InvalidDataException">The library does not require that version.</exception>
    public static void Weaken(Span<byte> elf, string version)
    {
        int headers = (int)Long(elf, 0x28), size = Half(elf, 0x3a), count = Half(elf, 0x3c), weakened = 0;
        for (int s = 0; s < count; s++)
        {
            int section = headers + s * size;
            if (Word(elf, section + 4) != VersionsNeeded)
            {
                continue;
            }

            int names = (int)Long(elf, headers + (int)Word(elf, section + 40) * size + 24);
            int need = (int)Long(elf, section + 24);
            for (int step = 1; step != 0; need += step)
            {
                // Verneed: version, count, file, aux, next. Vernaux: hash, flags, other, name, next.
                for (int i = 0, aux = need + (int)Word(elf, need + 8); i < Half(elf, need + 2); i++, aux += (int)Word(elf, aux + 12))
                {
                    if (Name(elf, names + (int)Word(elf, aux + 8)) == version)
                    {
                        BinaryPrimitives.WriteUInt16LittleEndian(elf[(aux + 4)..], Weak);
                        weakened++;
                    }
                }

                step = (int)Word(elf, need + 12);
            }
        }

        if (weakened == 0)
        {
            throw new InvalidDataException($"the library does not require {version}");
        }
    }

    private static string Name(ReadOnlySpan<byte> elf, int at) => Encoding.ASCII.GetString(elf[at..(at + elf[at..].IndexOf((byte)0))]);

    private static ushort Half(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[at..]);

    private static uint Word(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]);

    private static ulong Long(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf[at..]);
}
