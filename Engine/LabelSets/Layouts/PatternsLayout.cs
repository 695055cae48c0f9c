using Interp.Engine.Common;
using Interp.Engine.LabelSets.Patterns;
using Interp.Engine.LabelSets.Reading;

namespace Interp.Engine.LabelSets.Layouts;

/// <summary>The word <c>patterns</c> in the place of a folder: generated images with exact labels.</summary>
internal sealed class PatternsLayout : LabelLayout
{
    public override string Name => "patterns";

    public override string Summary => "generated textures, colours and shapes with exact labels";

    public override string Files => "none: the word patterns in the place of a folder";

    internal override LabelSet? OfWord(string word) => word == Name ? new PatternSet() : null;

    internal override string? ImagesIn(LabelFolder folder) => null;

    internal override string? Recognise(LabelFolder folder) => null;

    internal override LabelSet Open(LabelFolder folder, LabelOptions options) =>
        throw new InputException($"{folder.Root}: {Name} are generated; give the word '{Name}' in the place of a folder");
}
