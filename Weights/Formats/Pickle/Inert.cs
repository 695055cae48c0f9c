namespace Interp.Weights.Formats.Pickle;

/// <summary>Stands for any value that a weight file may hold but that nothing is read from: bytes, huge integers, objects.</summary>
/// <param name="kind">What it is: <c>bytes</c>, <c>an object of argparse</c>.</param>
internal sealed class Inert(string kind)
{
    /// <summary>Bytes.</summary>
    public static readonly Inert Bytes = new("bytes");

    /// <summary>An integer of more than 64 bits.</summary>
    public static readonly Inert HugeInteger = new("an integer");

    /// <summary>A set.</summary>
    public static readonly Inert Set = new("a set");

    /// <summary>What it is.</summary>
    public string Kind => kind;
}

/// <summary>A class or function that a pickle may name. It leads to no code: applied to whatever, it gives the one placeholder.</summary>
/// <param name="name">Its name, or that of the family that it belongs to.</param>
internal sealed class InertClass(string name)
{
    /// <summary>What stands for every object of the class; its contents are dropped.</summary>
    public Inert Instance { get; } = new($"an object of {name}");
}
