using Interp.Engine.Graph;

namespace Interp.Engine.Backends;

/// <summary>Where the rectangle of a <see cref="Layers.Frame"/> and the patch that it takes over lie for one image, in rows and columns of
/// the whole map.</summary>
/// <param name="Row">The rectangle's first row; it may reach over every edge of the map.</param>
/// <param name="Column">Its first column.</param>
/// <param name="PatchRow">The patch's first row.</param>
/// <param name="PatchColumn">Its first column.</param>
internal readonly record struct FramePlace(int Row, int Column, int PatchRow, int PatchColumn)
{
    /// <summary>The part of a line of the rectangle, a row or a column of pixels, that comes from each source.</summary>
    /// <param name="first">The line's first place on the map.</param>
    /// <param name="length">Its length.</param>
    /// <param name="patch">The patch's first place.</param>
    /// <param name="patchLength">The patch's length.</param>
    /// <param name="map">The map's length.</param>
    internal static FrameCut Cut(int first, int length, int patch, int patchLength, int map)
    {
        int inside = Math.Clamp(-first, 0, length), outside = Math.Clamp(map - first, inside, length);
        int from = Math.Clamp(patch - first, inside, outside);
        return new FrameCut(inside, from, Math.Clamp(patch + patchLength - first, from, outside), outside);
    }
}

/// <summary>
/// A line of a rectangle from place 0 on: before <paramref name="Inside"/> and from <paramref name="Outside"/> on it lies beyond the map;
/// from <paramref name="From"/> to <paramref name="To"/> stands the patch, and in between the map that is known.
/// </summary>
internal readonly record struct FrameCut(int Inside, int From, int To, int Outside)
{
    /// <summary>Whether the patch stands at a place.</summary>
    internal bool IsPatch(int at) => at >= From && at < To;

    /// <summary>Whether a place lies on the map.</summary>
    internal bool IsInside(int at) => at >= Inside && at < Outside;
}

/// <summary>What a frame of a network takes the surroundings from, and where it lies in the next batch.</summary>
/// <param name="Known">The node, of the network that ran on the known image, whose output stands around the patch.</param>
/// <param name="Places">A place for each image of the batch.</param>
internal readonly record struct FrameSource(Node Known, FramePlace[] Places);
