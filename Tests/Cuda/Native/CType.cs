using System.Globalization;
using System.Runtime.CompilerServices;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Native;

/// <summary>A type of NVIDIA's headers, and which types of C# are passed alike.</summary>
/// <param name="Name">As the header has it, without <c>const</c>.</param>
/// <param name="IsDevice">Whether it is a pointer to device memory.</param>
internal sealed record CType(string Name, bool IsDevice)
{
    private static readonly Dictionary<string, (string Kind, int Bytes)> Table = Tsv.Read("cuda", "types.tsv")
        .ToDictionary(r => r["type"], r => (r["kind"], int.Parse(r["bytes"], CultureInfo.InvariantCulture)));

    public static CType Parse(string text)
    {
        string[] words = text.Replace("*", " * ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new CType(string.Join(" ", words.Where(w => w is not ("const" or "device"))), words[0] == "device");
    }

    /// <summary>
    /// Whether the C# type has the width, the signedness and the pointee of this one. Device memory is a <c>ulong</c>, a handle a
    /// <c>nint</c>; an enum may be
    /// an <c>int</c>, or an enum of C#, which then must be this one's.
    /// </summary>
    public bool Fits(Type type)
    {
        if (Name.EndsWith('*'))
        {
            return IsDevice ? type == typeof(ulong) : type.IsPointer && (Pointee.Name == "void" || Pointee.Fits(type.GetElementType()!));
        }

        (string kind, int bytes) = Table.TryGetValue(Name, out (string, int) known) ? known
            : throw new ArgumentException($"types.tsv has no '{Name}'");
        Type number = type.IsEnum ? type.GetEnumUnderlyingType() : type;
        return kind switch
        {
            "void" => type == typeof(void),
            "char" => number == typeof(byte) || number == typeof(sbyte),
            "handle" => type == typeof(nint),
            "enum" => number == typeof(int) && (!type.IsEnum || EnumPair.Of(type)?.Name == Name),
            "struct" => type.IsValueType && !type.IsPrimitive && SizeOf(type) == bytes,
            "float" => type == (bytes == 4 ? typeof(float) : typeof(double)),
            "signed" => !type.IsEnum && IsNumber(number, signed: true) && SizeOf(number) == bytes,
            "unsigned" => IsNumber(number, signed: false) && SizeOf(number) == bytes,
            _ => throw new ArgumentException($"types.tsv: '{kind}' is no kind"),
        };
    }

    /// <summary>Its size.</summary>
    public int Bytes => Name.EndsWith('*') ? 8 : Table[Name].Bytes;

    public override string ToString() => (IsDevice ? "device " : "") + Name;

    private CType Pointee => new(Name[..^1].TrimEnd(), false);

    private static bool IsNumber(Type type, bool signed) => signed
        ? type == typeof(int) || type == typeof(long)
        : type == typeof(byte) || type == typeof(uint) || type == typeof(ulong) || type == typeof(nuint);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
