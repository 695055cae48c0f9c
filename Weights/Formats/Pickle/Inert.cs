namespace Interp.Weights.Formats.Pickle;

/// <summary>Stands for any value that a weight file may hold but that nothing is read from: bytes, huge integers.</summary>
/// <param name="kind">What it is: <c>bytes</c>.</param>
internal sealed class Inert(string kind)
{
    /// <summary>Bytes.</summary>
    public static readonly Inert Bytes = new("bytes");

    /// <summary>An integer of more than 64 bits.</summary>
    public static readonly Inert HugeInteger = new("an integer");

    /// <summary>What it is.</summary>
    public string Kind => kind;
}

/// <summary>A class or function that a pickle names. It is that name and leads to no code.</summary>
/// <param name="name">Its name with its module's: <c>torchvision.models.resnet.ResNet</c>.</param>
internal sealed class InertClass(string name)
{
    /// <summary>Its name with its module's.</summary>
    public string Name => name;
}

/// <summary>What stands for an object of a class, or for what a function would have returned: nothing was made or called.</summary>
/// <param name="type">The name of the class or function.</param>
internal sealed class InertObject(string type)
{
    /// <summary>The name of its class, or of the function that would have made it.</summary>
    public string Type => type;

    /// <summary>What the pickle would give it to restore itself from: as a rule its attributes, a <see cref="PickleDict"/>.</summary>
    public object? State { get; set; }
}

/// <summary>A set.</summary>
/// <param name="items">What it is made of, in any order, or null. The list is referred to and may be another object's too.</param>
internal sealed class PickleSet(List<object?>? items = null)
{
    /// <summary>What is in it.</summary>
    public IReadOnlyList<object?> Items => items ?? [];

    /// <summary>Adds items.</summary>
    public void Add(object?[] more) => (items ??= []).AddRange(more);
}
