using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets;

/// <summary>
/// A way in which images and their labels lie in a folder. A new one is one file with a subclass and one line in
/// <see cref="LabelLayouts"/>.
/// </summary>
public abstract class LabelLayout
{
    private protected LabelLayout()
    {
    }

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    public abstract string Summary { get; }

    /// <summary>The files and folders by which it is known.</summary>
    public abstract string Files { get; }

    /// <summary>Whether it is taken only for a folder in which no other layout is found.</summary>
    internal virtual bool IsLastResort => false;

    /// <summary>The place in a label folder that a folder of images given apart from it takes; null if the layout has none.</summary>
    internal virtual string? ImagesIn(LabelFolder folder) => "images";

    /// <summary>The set that a word stands for instead of a folder; null if none.</summary>
    internal virtual LabelSet? OfWord(string word) => null;

    /// <summary>What shows that a folder is of this layout; null if it is not.</summary>
    internal abstract string? Recognise(LabelFolder folder);

    /// <summary>Opens a folder.</summary>
    /// <exception cref="Common.InputException">It cannot be read as this layout.</exception>
    internal abstract LabelSet Open(LabelFolder folder, LabelOptions options);
}
