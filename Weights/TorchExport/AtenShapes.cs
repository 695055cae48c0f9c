using System.Collections.Immutable;
using Interp.Engine.Common;
using static Interp.Weights.TorchExport.AtenOperator;

namespace Interp.Weights.TorchExport;

/// <summary>Operators that move elements, choose among them, repeat them, or leave them as they are.</summary>
internal static class AtenShapes
{
    /// <summary>The largest index that is written: far beyond any axis, and exact in every arithmetic.</summary>
    private const long Far = int.MaxValue;

    /// <summary>All of them.</summary>
    internal static IEnumerable<AtenOperator> Table =>
    [
        Of("view.default(self, size)", c => Reshape(c, "size"), Sharing.View),
        Of("reshape.default(self, shape)", c => Reshape(c, "shape"), Sharing.View),
        Of("_unsafe_view.default(self, size)", c => Reshape(c, "size"), Sharing.View),
        Of("unflatten.int(self, dim, sizes)", Unflatten, Sharing.View),
        Of("flatten.using_ints(self, start_dim=0, end_dim=-1)", Flatten, Sharing.View),
        Of("permute.default(self, dims)", Permute, Sharing.View),
        Of("transpose.int(self, dim0, dim1)", c => Swap(c, "dim0", "dim1"), Sharing.View),
        Of("swapaxes.default(self, axis0, axis1)", c => Swap(c, "axis0", "axis1"), Sharing.View),
        Of("swapdims.default(self, dim0, dim1)", c => Swap(c, "dim0", "dim1"), Sharing.View),
        Of("t.default(self)", c => c.Write("Transpose", [c.Tensor("self")]), Sharing.View),
        Of("unsqueeze.default(self, dim)", c => c.Write("Unsqueeze", [c.Tensor("self"), c.Writer.Wholes(c.Whole("dim"))]), Sharing.View),
        Of("squeeze.default(self)", c => c.Write("Squeeze", [c.Tensor("self")]), Sharing.View),
        Of("squeeze.dim(self, dim)", Squeeze, Sharing.View),
        Of("squeeze.dims(self, dim)", Squeeze, Sharing.View),
        Of("expand.default(self, size, implicit=False)", Expand, Sharing.View),
        Of("expand_as.default(self, other)", c => c.Write("Expand", [c.Tensor("self"), c.Writer.Step("Shape", [c.Tensor("other")])]),
            Sharing.View),
        Of("select.int(self, dim, index)", c => c.Write("Gather", [c.Tensor("self"), c.Writer.Scalar(c.Whole("index"), isWhole: true)],
            ("axis", c.Whole("dim"))), Sharing.View),
        Of("slice.Tensor(self, dim=0, start=None, end=None, step=1)", Slice, Sharing.View),
        Of("narrow.default(self, dim, start, length)", Narrow, Sharing.View),
        Of("chunk.default(self, chunks, dim=0)", Chunk, Sharing.View),
        Of("split.Tensor(self, split_size, dim=0)", Split, Sharing.View),
        Of("split_with_sizes.default(self, split_sizes, dim=0)", SplitBySizes, Sharing.View),
        Of("unbind.int(self, dim=0)", Unbind, Sharing.View),
        Of("cat.default(tensors, dim=0)", c => c.Write("Concat", Parts(c), ("axis", c.Whole("dim")))),
        Of("stack.default(tensors, dim=0)", Stack),
        Of("repeat.default(self, repeats)", c => c.Write("Tile", [c.Tensor("self"), c.Writer.Wholes(c.Wholes("repeats").AsSpan())])),
        Of("flip.default(self, dims)", Flip),
        Of("roll.default(self, shifts, dims=[])", Roll),
        Of("index.Tensor(self, indices)", Index),
        Of("index_select.default(self, dim, index)", c => c.Write("Gather", [c.Tensor("self"), c.Tensor("index")],
            ("axis", c.Whole("dim")))),
        Of("constant_pad_nd.default(self, pad, value=0)", c => Pad(c, "pad", "constant")),
        Of("pad.default(self, pad, mode='constant', value=None)", c => Pad(c, "pad", c.Word("mode"))),
        Of("reflection_pad2d.default(self, padding)", c => Pad(c, "padding", "reflect")),
        Of("replication_pad2d.default(self, padding)", c => Pad(c, "padding", "replicate")),
        Of("contiguous.default(self, memory_format=None)", Same, Sharing.View),
        Of("clone.default(self, memory_format=None)", Same),
        Of("alias.default(self)", Same, Sharing.Same),
        Of("detach.default(self)", Same, Sharing.Same),
        Of("detach_.default(self)", Same, Sharing.Same),
        Of("lift_fresh.default(self)", Same, Sharing.Same),
        Of("lift_fresh_copy.default(self)", Same),
        Of("to.dtype(self, dtype, non_blocking=False, copy=False, memory_format=None)", Cast, Sharing.View),
        Of("to.device(self, device, dtype, non_blocking=False, copy=False, memory_format=None)", Cast, Sharing.View),
        Of("to.dtype_layout(self, dtype=None, layout=None, device=None, pin_memory=None, non_blocking=False, copy=False, "
            + "memory_format=None)", Cast, Sharing.View),
        Of("_to_copy.default(self, dtype=None, layout=None, device=None, pin_memory=None, non_blocking=False, memory_format=None)", Cast),
    ];

    /// <summary>The axis from the front of a tensor with so many.</summary>
    private static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw new ModelException($"its axis {axis} is not one of {rank}");

    private static void Reshape(AtenCall call, string sizes) =>
        call.Write("Reshape", [call.Tensor("self"), AtenSizes.Row(call.Writer, call.Sizes(sizes), isReshape: true)]);

    private static void Unflatten(AtenCall call)
    {
        int rank = call.Rank("self"), axis = Axis(call.Whole("dim"), rank);
        Around(call, axis, axis + 1, rank, AtenSizes.Row(call.Writer, call.Sizes("sizes"), isReshape: true));
    }

    private static void Flatten(AtenCall call)
    {
        if (call.Whole("start_dim") == 1 && call.Whole("end_dim") == -1)
        {
            call.Write("Flatten", [call.Tensor("self")], ("axis", 1L));
            return;
        }

        int rank = call.Rank("self"), first = Axis(call.Whole("start_dim"), rank), last = Axis(call.Whole("end_dim"), rank);
        Around(call, first, last + 1, rank, call.Writer.Wholes(-1));
    }

    /// <summary>Gives the axes of a range another shape and leaves those around it.</summary>
    private static void Around(AtenCall call, int first, int end, int rank, string middle)
    {
        string self = call.Tensor("self");
        List<string> parts = [middle];
        if (first > 0)
        {
            parts.Insert(0, call.Writer.Step("Shape", [self], ("start", 0L), ("end", (long)first)));
        }

        if (end < rank)
        {
            parts.Add(call.Writer.Step("Shape", [self], ("start", (long)end)));
        }

        string shape = parts is [var one] ? one : call.Writer.Step("Concat", [.. parts], ("axis", 0L));
        call.Write("Reshape", [self, shape]);
    }

    private static void Permute(AtenCall call)
    {
        ImmutableArray<long> order = call.Wholes("dims");
        call.Write("Transpose", [call.Tensor("self")],
            ("perm", order.Select(a => (long)Axis(a, order.Length)).ToImmutableArray()));
    }

    private static void Swap(AtenCall call, string first, string second)
    {
        int rank = call.Rank("self");
        long[] order = [.. Enumerable.Range(0, rank)];
        int a = Axis(call.Whole(first), rank), b = Axis(call.Whole(second), rank);
        (order[a], order[b]) = (order[b], order[a]);
        call.Write("Transpose", [call.Tensor("self")], ("perm", order.ToImmutableArray()));
    }

    private static void Squeeze(AtenCall call) =>
        call.Write("Squeeze", [call.Tensor("self"), call.Writer.Wholes(call.Wholes("dim").AsSpan())]);

    /// <summary>−1 leaves an axis as it is, which in ONNX 1 does.</summary>
    private static void Expand(AtenCall call)
    {
        call.Ignore("implicit");
        ImmutableArray<object> sizes = [.. call.Sizes("size").Select(s => s is -1L ? 1L : s)];
        call.Write("Expand", [call.Tensor("self"), AtenSizes.Row(call.Writer, sizes)]);
    }

    private static void Slice(AtenCall call) => call.Write("Slice", [call.Tensor("self"), Bound(call, "start", 0), Bound(call, "end", Far),
        call.Writer.Wholes(call.Whole("dim")), call.Writer.Wholes(call.Whole("step"))]);

    private static string Bound(AtenCall call, string name, long absent) => call.IsNone(name) ? call.Writer.Wholes(absent)
        : AtenSizes.Row(call.Writer, [.. call.Sizes(name).Select(s => s is long number ? Math.Clamp(number, -Far, Far) : s)]);

    private static void Narrow(AtenCall call) =>
        call.Writer.Is(Piece(call, call.Whole("start"), call.Whole("start") + call.Whole("length")));

    private static string Piece(AtenCall call, long start, long end) => call.Writer.Step("Slice", [call.Tensor("self"),
        call.Writer.Wholes(start), call.Writer.Wholes(end), call.Writer.Wholes(call.Whole("dim"))]);

    /// <summary>ONNX's number of parts gives the sizes that PyTorch's does where it is the number that came out.</summary>
    private static void Chunk(AtenCall call)
    {
        call.Require(call.Writer.Results <= call.Whole("chunks"), "chunks", $"at least the {call.Writer.Results} results");
        call.Writer.Result("Split", [call.Tensor("self")], call.Writer.Results,
            [("axis", call.Whole("dim")), ("num_outputs", (long)call.Writer.Results)]);
    }

    private static void Split(AtenCall call)
    {
        long size = call.Whole("split_size");
        call.Require(size is > 0 and < Far, "split_size", "more than 0");
        call.Writer.Is([.. Enumerable.Range(0, call.Writer.Results).Select(i => Piece(call, i * size, (i + 1) * size))]);
    }

    private static void SplitBySizes(AtenCall call) => call.Writer.Result("Split",
        [call.Tensor("self"), call.Writer.Wholes(call.Wholes("split_sizes").AsSpan())], call.Wholes("split_sizes").Length,
        [("axis", call.Whole("dim"))]);

    private static void Unbind(AtenCall call) => call.Writer.Is([.. Enumerable.Range(0, call.Writer.Results).Select(i =>
        call.Writer.Step("Gather", [call.Tensor("self"), call.Writer.Scalar(i, isWhole: true)], ("axis", call.Whole("dim"))))]);

    private static ImmutableArray<string> Parts(AtenCall call) => [.. call.Tensors("tensors").Select(t => t ?? "")];

    private static void Stack(AtenCall call) => call.Write("Concat", [.. Parts(call).Select(t =>
        call.Writer.Step("Unsqueeze", [t, call.Writer.Wholes(call.Whole("dim"))]))], ("axis", call.Whole("dim")));

    private static void Flip(AtenCall call)
    {
        ImmutableArray<long> axes = call.Wholes("dims");
        string All(long value) => call.Writer.Wholes([.. Enumerable.Repeat(value, axes.Length)]);
        call.Write("Slice", [call.Tensor("self"), All(-1), All(-Far), call.Writer.Wholes(axes.AsSpan()), All(-1)]);
    }

    /// <summary>Along each axis the last elements come first.</summary>
    private static void Roll(AtenCall call)
    {
        ImmutableArray<long> axes = call.Wholes("dims"), shifts = call.Wholes("shifts");
        call.Require(axes.Length > 0 && axes.Length == shifts.Length, "dims", "an axis for each shift");
        string value = call.Tensor("self");
        for (int i = 0; i < axes.Length; i++)
        {
            string Part(string start, string end) => call.Writer.Step("Slice", [value, start, end, call.Writer.Wholes(axes[i])]);
            string cut = call.Writer.Wholes(-shifts[i]);
            value = call.Writer.Step("Concat", [Part(cut, call.Writer.Wholes(Far)), Part(call.Writer.Wholes(0), cut)], ("axis", axes[i]));
        }

        call.Writer.Is(value);
    }

    /// <summary>One list of places along one axis.</summary>
    private static void Index(AtenCall call)
    {
        ImmutableArray<string?> indices = call.Tensors("indices");
        int axis = indices.IndexOf(indices.FirstOrDefault(i => i is not null));
        if (indices.Count(i => i is not null) != 1)
        {
            throw new ModelException("its argument 'indices' has places along several axes, expected one");
        }

        call.Write("Gather", [call.Tensor("self"), indices[axis]!], ("axis", (long)axis));
    }

    /// <summary>PyTorch's list begins with the last axis, before and after it; ONNX's has all befores first.</summary>
    private static void Pad(AtenCall call, string name, string mode)
    {
        ImmutableArray<long> pads = call.Wholes(name);
        int axes = pads.Length / 2;
        call.Require(pads.Length % 2 == 0 && axes > 0, name, "pairs of numbers");
        string onnx = mode switch
        {
            "constant" or "reflect" => mode,
            "replicate" => "edge",
            "circular" => "wrap",
            _ => throw new ModelException($"its padding mode '{Text.OneLine(mode)}' is not known"),
        };
        long[] amounts = [.. Enumerable.Range(1, axes).Select(i => pads[2 * (axes - i)]),
            .. Enumerable.Range(1, axes).Select(i => pads[2 * (axes - i) + 1])];
        long[] which = [.. Enumerable.Range(-axes, axes)];
        bool hasValue = call.Has("value") && !call.IsNone("value") && onnx == "constant";
        call.Write("Pad", [call.Tensor("self"), call.Writer.Wholes(amounts), hasValue ? call.Operand("value") : "",
            call.Writer.Wholes(which)], ("mode", onnx));
    }

    private static void Same(AtenCall call)
    {
        call.Ignore("memory_format");
        call.Writer.Is(call.Tensor("self"));
    }

    /// <summary>Another type of elements; the place of the memory does not matter here.</summary>
    private static void Cast(AtenCall call)
    {
        call.Ignore("layout", "device", "pin_memory", "non_blocking", "copy", "memory_format");
        if (call.IsNone("dtype") || call.Meta("self")?.Type == call.Whole("dtype"))
        {
            call.Writer.Is(call.Tensor("self"));
        }
        else
        {
            call.Write("Cast", [call.Tensor("self")], ("to", ScalarTypes.Onnx(call.Whole("dtype"))));
        }
    }
}
