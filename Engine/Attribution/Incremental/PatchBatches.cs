using Interp.Engine.Backends;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>An image that differs from the known one in a box.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Box">The box.</param>
/// <param name="Row">Number of the box's rows in their class.</param>
/// <param name="Column">Number of its columns.</param>
internal readonly record struct ChangedImage(int Index, ImageBox Box, int Row, int Column);

/// <summary>Takes what the target's node gives; nothing for an image that does not differ at all.</summary>
internal delegate void PatchUser(int index, ReadOnlySpan<float> values);

/// <summary>Runs changed images of one plan after the other, in batches.</summary>
/// <param name="explainer">The network.</param>
/// <param name="size">Height and width of the images.</param>
/// <param name="known">The known image.</param>
/// <param name="fill">Makes each changed one.</param>
internal sealed class PatchBatches(Explainer explainer, (int Height, int Width) size, float[] known, InputFiller fill) : IDisposable
{
    /// <summary>Images of a batch at most: linear layers read their weights once for so many.</summary>
    private const int Most = 64;

    /// <summary>Memory that may be taken in any case, where there is no limit.</summary>
    private const long Least = 256L << 20;

    private readonly float[] _image = new float[known.Length];
    private readonly LentMemory _memory = new(); // one plan's session after another's
    private readonly Dictionary<PatchPlan, long> _bytesOfOne = [];

    /// <summary>Whether one image of a plan fits the memory limit.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="taken">Bytes that are taken already.</param>
    internal bool Fits(PatchPlan plan, long taken)
    {
        using Session? one = explainer.OpenApart(plan.Network, Options(plan, 1), taken);
        if (one is not null)
        {
            _bytesOfOne[plan] = one.Bytes;
        }

        return one is not null;
    }

    /// <summary>Runs the images of one plan, one of which fits.</summary>
    /// <param name="plan">The plan of their class.</param>
    /// <param name="whole">A session that ran on the known image and keeps what the frames take.</param>
    /// <param name="images">The images.</param>
    /// <param name="use">Takes what each gives.</param>
    /// <param name="cancel">Checked before each layer.</param>
    internal void Run(PatchPlan plan, Session whole, ChangedImage[] images, PatchUser use, CancellationToken cancel)
    {
        int most = MostOf(plan, whole);
        int batches = (images.Length + most - 1) / most, batch = (images.Length + batches - 1) / batches;
        LentMemory? lent = explainer.Limit < long.MaxValue ? null : _memory; // A limit counts what each session holds.
        using Session session = explainer.OpenApart(plan.Network, Options(plan, batch) with { Memory = lent }, whole.Bytes)!;
        FrameSource[] frames =
        [
            .. plan.Frames.Select(f => new FrameSource(explainer.Network.Nodes[f.Source], new FramePlace[batch])),
        ];
        var inputs = new float[session.InputShape.Count];
        int each = inputs.Length / batch;
        var held = new List<ChangedImage>();
        foreach (ChangedImage image in images)
        {
            fill(image.Index, _image);
            if (!Differs(image))
            {
                use(image.Index, []);
                continue;
            }

            Cut(plan.Input, image, inputs.AsSpan(held.Count * each, each));
            held.Add(image);
            if (held.Count == batch)
            {
                Flush();
            }
        }

        if (held.Count > 0)
        {
            Flush();
        }

        void Flush()
        {
            // What is left of the last batch repeats its last place; its input is whatever is there.
            foreach ((PlannedFrame frame, FrameSource source) in plan.Frames.Zip(frames))
            {
                for (int n = 0; n < batch; n++)
                {
                    ChangedImage image = held[Math.Min(n, held.Count - 1)];
                    source.Places[n] = frame.Place(image.Row, image.Column);
                }
            }

            session.Place(whole, frames);
            session.Forward(inputs, cancel);
            float[] outputs = session.Activation(session.Network.Output);
            int length = outputs.Length / batch;
            for (int n = 0; n < held.Count; n++)
            {
                use(held[n].Index, outputs.AsSpan(n * length, length));
            }

            held.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>As many as the memory takes, or as take about as much as batches of whole images do.</summary>
    private int MostOf(PatchPlan plan, Session whole)
    {
        long limit = explainer.Limit;
        long room = limit < long.MaxValue ? limit - whole.Bytes : Math.Max(Least, whole.Bytes * explainer.Batch);
        return (int)Math.Clamp(room / _bytesOfOne[plan], 1, Most);
    }

    private static SessionOptions Options(PatchPlan plan, int batch) => new()
    {
        Batch = batch,
        Height = plan.Input.Rows.Length,
        Width = plan.Input.Columns.Length,
        Backward = false,
    };

    /// <summary>Whether an image differs from the known one in its box.</summary>
    /// <exception cref="InvalidOperationException">It differs elsewhere.</exception>
    private bool Differs(ChangedImage image)
    {
        ((int top, int bottom), (int left, int right)) = (image.Box.Rows, image.Box.Columns);
        bool differs = false;
        for (int at = 0, y = 0; at < known.Length; at += size.Width, y = (y + 1) % size.Height)
        {
            ReadOnlySpan<float> line = _image.AsSpan(at, size.Width), was = known.AsSpan(at, size.Width);
            (int from, int end) = y >= top && y < bottom ? (left, right) : (0, 0);
            differs |= !Same(line[from..end], was[from..end]);
            if (!Same(line[..from], was[..from]) || !Same(line[end..], was[end..]))
            {
                throw new InvalidOperationException($"image {image.Index} differs from the known one outside of its box");
            }
        }

        return differs;
    }

    private static bool Same(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b));

    /// <summary>The patch of the changed image; zeros beyond its edges, which nothing reads.</summary>
    private void Cut(Patch patch, ChangedImage image, Span<float> to)
    {
        int top = patch.Rows.Starts[image.Row], left = patch.Columns.Starts[image.Column];
        (int height, int width) = (patch.Rows.Length, patch.Columns.Length);
        int columns = Math.Min(width, size.Width - left);
        to.Clear();
        for (int plane = 0; plane < known.Length; plane += size.Height * size.Width, to = to[(height * width)..])
        {
            for (int y = 0; y < Math.Min(height, size.Height - top); y++)
            {
                _image.AsSpan(plane + ((top + y) * size.Width) + left, columns).CopyTo(to[(y * width)..]);
            }
        }
    }
}
