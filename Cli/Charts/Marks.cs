namespace Interp.Cli.Charts;

/// <summary>Something that is drawn, in pixels from the left and the top.</summary>
internal abstract record Mark(Paint Paint);

/// <summary>A filled rectangle.</summary>
internal sealed record BoxMark(double X, double Y, double Width, double Height, Paint Paint) : Mark(Paint);

/// <summary>A line through points.</summary>
internal sealed record LineMark(IReadOnlyList<(double X, double Y)> Points, Paint Paint, double Width = 1, bool IsDashed = false)
    : Mark(Paint);

/// <summary>A filled polygon.</summary>
internal sealed record AreaMark(IReadOnlyList<(double X, double Y)> Points, Paint Paint) : Mark(Paint);

/// <summary>A filled circle.</summary>
internal sealed record DotMark(double X, double Y, double Radius, Paint Paint) : Mark(Paint);

/// <summary>A line of text.</summary>
/// <param name="X">Where its anchor is.</param>
/// <param name="Y">Its base line; of an upright one the anchor.</param>
/// <param name="Text">What it says.</param>
/// <param name="Paint">Its colour.</param>
/// <param name="Size">The font's size.</param>
/// <param name="Anchor">Which share of its length lies before the anchor: 0, ½ or 1.</param>
/// <param name="IsUpright">Whether it runs from below to above.</param>
internal sealed record TextMark(double X, double Y, string Text, Paint Paint, double Size, double Anchor = 0, bool IsUpright = false)
    : Mark(Paint);

/// <summary>Marks that belong together, and what they say in words.</summary>
internal sealed record GroupMark(string Words, IReadOnlyList<Mark> Marks) : Mark(default(Paint));
