namespace Interp.Tests.Weights.Formats;

/// <summary>Damages the bytes of files, the same way in every run.</summary>
internal static class Damage
{
    private static readonly byte[][] Numbers =
    [
        [0], [0xFF], [0x7F], [0x80], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0x80],
        [0, 0, 0, 0, 1, 0, 0, 0], "999999999"u8.ToArray(), "-1"u8.ToArray(),
    ];

    /// <summary>How many files are damaged: as many as a variable of the environment says, or the usual number.</summary>
    internal static int Count(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int asked) ? asked : usual;

    /// <summary>A file's bytes, damaged in up to three places.</summary>
    internal static byte[] Mutate(byte[] content, byte[][] others, Random random)
    {
        List<byte> bytes = [.. content];
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    Flip(bytes, at, random);
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    Overwrite(bytes, at, Numbers[random.Next(Numbers.Length)]);
                    break;
                case 3:
                    Remove(bytes, at, random);
                    break;
                case 4:
                    Repeat(bytes, at, random);
                    break;
                case 5:
                    Splice(bytes, at, others, random);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.Add(content[^1]);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Another value of one bit.</summary>
    internal static void Flip(List<byte> bytes, int at, Random random) => bytes[at] ^= (byte)(1 << random.Next(8));

    /// <summary>Other bytes from a place on.</summary>
    internal static void Overwrite(List<byte> bytes, int at, byte[] number)
    {
        for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    /// <summary>Some bytes fewer; at least one stays.</summary>
    internal static void Remove(List<byte> bytes, int at, Random random) =>
        bytes.RemoveRange(at, Math.Min(random.Next(1, 64), bytes.Count - at - (at == 0 ? 1 : 0)));

    /// <summary>Some bytes twice.</summary>
    internal static void Repeat(List<byte> bytes, int at, Random random) =>
        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));

    /// <summary>A piece of another file between the bytes.</summary>
    internal static void Splice(List<byte> bytes, int at, byte[][] others, Random random)
    {
        byte[] other = others[random.Next(others.Length)];
        int from = random.Next(other.Length);
        bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 400), other.Length - from)).ToArray());
    }
}
