using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// The labels of one image while they are read. Where labels of a category overlap, those that come later go to a further plane, pixel by
/// pixel.
/// </summary>
/// <param name="name">The image's file, for messages.</param>
/// <param name="width">The image's width.</param>
/// <param name="height">Its height.</param>
internal sealed class LabelCanvas(string name, int width, int height)
{
    /// <summary>The most labels of all planes of an image: 512 MB.</summary>
    private const long MostLabels = 1L << 28;

    private readonly List<(string Category, ushort[] Labels)> _layers = [];
    private readonly List<LabelPlane> _others = [];
    private readonly SortedDictionary<string, long> _unknown = new(StringComparer.Ordinal);
    private readonly List<string> _remarks = [];

    /// <summary>The image's file, for messages.</summary>
    public string Name => name;

    /// <summary>The image's width.</summary>
    public int Width => width;

    /// <summary>The image's height.</summary>
    public int Height => height;

    /// <summary>Adds a remark about the image's labels.</summary>
    public void Note(string remark) => _remarks.Add(remark);

    /// <summary>Counts pixels of something that no concept has, such as a colour.</summary>
    public void Unknown(string what, long pixels) => _unknown[what] = _unknown.GetValueOrDefault(what) + pixels;

    /// <summary>Labels the image as a whole.</summary>
    public void Whole(string category, int concept) => _others.Add(LabelPlane.Whole(category, concept));

    /// <summary>Adds a plane, which may have another size than the image.</summary>
    /// <exception cref="InputException">The image has too many.</exception>
    public void Add(LabelPlane plane)
    {
        _others.Add(plane);
        if (_others.Sum(p => p.Labels.LongLength) > MostLabels)
        {
            throw new InputException($"{name}: its planes have more than {MostLabels} labels");
        }
    }

    /// <summary>The first plane of a category, for a reader that writes each pixel once; made if there is none.</summary>
    public ushort[] Plane(string category) => Layer(category, 0);

    /// <summary>Labels a run of pixels in row-major order.</summary>
    public void Run(string category, ushort label, int start, int length) => Mark(category, label, start, length, 1);

    /// <summary>Labels a run of pixels that goes down the columns, as COCO counts them.</summary>
    /// <param name="category">The category.</param>
    /// <param name="label">The label.</param>
    /// <param name="start">The first pixel's number, column by column.</param>
    /// <param name="length">Pixels.</param>
    public void RunDown(string category, ushort label, long start, long length)
    {
        while (length > 0)
        {
            int x = (int)(start / height), y = (int)(start % height), part = (int)Math.Min(length, height - y);
            Mark(category, label, (y * width) + x, part, width);
            (start, length) = (start + part, length - part);
        }
    }

    /// <summary>Leaves a box's pixels that have no label out of every count.</summary>
    public void VoidBox(string category, int left, int top, int right, int bottom)
    {
        ushort[] first = Layer(category, 0);
        for (int y = Math.Max(0, top); y < Math.Min(height, bottom); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min(width, right); x++)
            {
                first[(y * width) + x] = first[(y * width) + x] == 0 ? LabelPlane.Void : first[(y * width) + x];
            }
        }
    }

    /// <summary>Checks that a mask has the image's size.</summary>
    /// <exception cref="InputException">It has another.</exception>
    public void RequireSize(string file, int maskWidth, int maskHeight)
    {
        if (maskWidth != width || maskHeight != height)
        {
            string swapped = maskWidth == height && maskHeight == width
                ? " (sides swapped: an image that its viewer turns upright, and a mask drawn before that)" : "";
            throw new InputException($"{file}: its size is {maskWidth}x{maskHeight}, but its image {name} is {width}x{height}{swapped}; "
                + "a mask is never scaled: make it anew at the image's size");
        }
    }

    /// <summary>All planes.</summary>
    public ImmutableArray<LabelPlane> Planes() =>
        [.. _layers.Select(l => new LabelPlane(l.Category, width, height, l.Labels)), .. _others];

    /// <summary>What is doubtful, in one line; null if nothing is.</summary>
    /// <param name="more">What else is.</param>
    public string? Remark(string? more)
    {
        string[] unknown = [.. _unknown.Select(u => $"{u.Key} ({u.Value} pixels)")];
        string[] all =
        [
            .. unknown.Length == 0 ? [] : new[] { $"left out as unknown: {LabelNames.Some(unknown)}" },
            .. _remarks.Distinct(), .. more is null ? [] : new[] { more },
        ];
        return all.Length == 0 ? null : LabelNames.OneLine(string.Join("; ", all));
    }

    private void Mark(string category, ushort label, int start, int length, int step)
    {
        ushort[] first = Layer(category, 0);
        for (int i = 0, at = start; i < length; i++, at += step)
        {
            ushort[] plane = first;
            for (int depth = 1; plane[at] != 0 && plane[at] != label; depth++)
            {
                plane = Layer(category, depth);
            }

            plane[at] = label;
        }
    }

    private ushort[] Layer(string category, int depth)
    {
        foreach ((string own, ushort[] labels) in _layers)
        {
            if (own == category && depth-- == 0)
            {
                return labels;
            }
        }

        if ((_layers.Count + 1L) * width * height > MostLabels)
        {
            throw new InputException($"{name}: more than {_layers.Count} labels lie over each other in an image of {width}x{height}, which "
                + $"takes more than {MostLabels} labels of memory; make the image or its labels smaller");
        }

        var made = new ushort[width * height];
        _layers.Add((category, made));
        return made;
    }
}
