using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets;

/// <summary>
/// What is in a label set, counted by reading all of it. A pixel has the labels that lie at its place in the planes, which may be coarser
/// than the image. Counts do not depend on the number of threads.
/// </summary>
/// <param name="Concepts">The count of each concept, in the set's order.</param>
/// <param name="Images">Images that could be read.</param>
/// <param name="Pixels">Their pixels.</param>
/// <param name="Unlabelled">Pixels without any label.</param>
/// <param name="Unknown">Pixels without a label of which it is not known whether they should have one.</param>
/// <param name="Problems">Images that could not be read, in the set's order: the place and one line that names the file.</param>
/// <param name="Remarks">What is doubtful about images that could be read: the place and one line.</param>
public sealed record LabelSurvey(
    ImmutableArray<ConceptCount> Concepts, int Images, long Pixels, long Unlabelled, long Unknown,
    ImmutableArray<(int Index, string Line)> Problems, ImmutableArray<(int Index, string Line)> Remarks)
{
    private sealed record Found(long[] Pixels, long All, long Unlabelled, long Unknown, string? Problem, string? Remark);

    /// <summary>Reads a set through.</summary>
    /// <param name="set">The set.</param>
    /// <param name="threads">Images that are read at a time.</param>
    /// <param name="report">Told the image and how many are done, in order; on one thread at a time.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LabelSurvey Of(LabelSet set, int threads = 1, Action<string, int>? report = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int count = set.Concepts.Length;
        var images = new int[count];
        var pixels = new long[count];
        (int read, long all, long unlabelled, long unknown) = (0, 0, 0, 0);
        var problems = ImmutableArray.CreateBuilder<(int, string)>();
        var remarks = ImmutableArray.CreateBuilder<(int, string)>();
        for (int from = 0; from < set.Count; from += threads)
        {
            cancel.ThrowIfCancellationRequested();
            var found = new Found[Math.Min(threads, set.Count - from)];
            int start = from;
            Parallel.For(0, found.Length, ThreadLimit.Of(threads, cancel),
                i => found[i] = Count(set, start + i, cancel));
            foreach ((Found f, int index) in found.Select((f, i) => (f, start + i)))
            {
                (all, unlabelled, unknown) = (all + f.All, unlabelled + f.Unlabelled, unknown + f.Unknown);
                read += f.Problem is null ? 1 : 0;
                for (int c = 0; c < f.Pixels.Length; c++)
                {
                    pixels[c] += f.Pixels[c];
                    images[c] += f.Pixels[c] > 0 ? 1 : 0;
                }

                if (f.Problem is { } problem)
                {
                    problems.Add((index, problem));
                }
                else if (f.Remark is { } remark)
                {
                    remarks.Add((index, remark));
                }

                report?.Invoke(set.NameOf(index), index + 1);
            }
        }

        return new LabelSurvey(
            [.. set.Concepts.Select((c, i) => new ConceptCount(c, images[i], pixels[i], (double)pixels[i] / all))],
            read, all, unlabelled, unknown, problems.ToImmutable(), remarks.ToImmutable());
    }

    private static Found Count(LabelSet set, int index, CancellationToken cancel)
    {
        LabelledImage image;
        try
        {
            image = set.Read(index, cancel);
        }
        catch (InputException e)
        {
            return new Found([], 0, 0, 0, e.Message, null);
        }

        (int width, int height) = (image.Image.Width, image.Image.Height);
        var pixels = new long[set.Concepts.Length];
        (long unlabelled, long unknown) = (0, 0);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (bool any, bool isVoid) = (false, false);
                foreach (LabelPlane plane in image.Planes)
                {
                    bool same = plane.Width == width && plane.Height == height;
                    int at = same ? (y * width) + x
                        : ((int)((long)y * plane.Height / height) * plane.Width) + (int)((long)x * plane.Width / width);
                    ushort label = plane.Labels[at];
                    if (label is not 0 and not LabelPlane.Void)
                    {
                        pixels[label - 1]++;
                        any = true;
                    }

                    isVoid |= label == LabelPlane.Void;
                }

                unlabelled += any || isVoid ? 0 : 1;
                unknown += !any && isVoid ? 1 : 0;
            }
        }

        return new Found(pixels, (long)width * height, unlabelled, unknown, null, image.Remark);
    }
}
