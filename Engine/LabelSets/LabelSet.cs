using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets;

/// <summary>
/// Images with labels, of any layout. Images are read one at a time and not held; reading one twice gives the same. Reading is safe from
/// several threads at once.
/// </summary>
public abstract class LabelSet
{
    /// <summary>The name of its layout: <c>voc</c>, <c>coco</c>, <c>patterns</c>.</summary>
    public abstract string Layout { get; }

    /// <summary>Where it is, or what it is called.</summary>
    public abstract string Source { get; }

    /// <summary>All concepts, in the order of their labels; no two have the same name and category.</summary>
    public abstract ImmutableArray<Concept> Concepts { get; }

    /// <summary>How many images there are, those included that will turn out to be unreadable.</summary>
    public abstract int Count { get; }

    /// <summary>What was guessed, passed over or is worth knowing about the set as a whole, one line each.</summary>
    public virtual ImmutableArray<string> Remarks => [];

    /// <summary>Every file that may be read; none of a set that is generated.</summary>
    public virtual IEnumerable<string> Files => [];

    /// <summary>The categories of the concepts, each once, in the order in which they first appear.</summary>
    public ImmutableArray<string> Categories => [.. Concepts.Select(c => c.Category).Distinct()];

    /// <summary>The name of an image, without reading it.</summary>
    public abstract string NameOf(int index);

    /// <summary>Reads an image and its labels.</summary>
    /// <param name="index">Its place, below <see cref="Count"/>.</param>
    /// <param name="cancel">Ends the waiting for a pipe.</param>
    /// <exception cref="InputException">The image or its labels cannot be read or do not fit together; one line that names the
    /// file. The other images can be read all the same.</exception>
    public abstract LabelledImage Read(int index, CancellationToken cancel = default);
}
