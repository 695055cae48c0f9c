using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>An image of a set that lies in a folder, and how to read its labels.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Image">Its file, relative to the folder.</param>
/// <param name="Label">Draws the labels on the canvas; an <see cref="InputException"/> says in one line what is wrong with
/// them.</param>
internal sealed record LabelItem(string Name, string Image, Action<LabelCanvas> Label)
{
    /// <summary>The image's bytes where they do not lie in a file of their own.</summary>
    public Func<byte[]>? Photo { get; init; }

    /// <summary>Why it cannot be used, in one line; null for one that can.</summary>
    public string? Problem { get; init; }

    /// <summary>An entry of the set that cannot be used.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="why">The line that says why.</param>
    public static LabelItem Broken(string name, string why) => new(name, name, _ => { }) { Problem = why };
}
