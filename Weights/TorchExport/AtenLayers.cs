using System.Collections.Immutable;
using Interp.Engine.Common;
using static Interp.Weights.TorchExport.AtenOperator;

namespace Interp.Weights.TorchExport;

/// <summary>Operators with weights, pools, and the layers beside them.</summary>
internal static class AtenLayers
{
    private const string Training = "export the network after model.eval()";

    /// <summary>All of them.</summary>
    internal static IEnumerable<AtenOperator> Table =>
    [
        Of("conv2d.default(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)", c => Convolution(c, Pads(c))),
        Of("conv2d.padding(input, weight, bias=None, stride=1, padding='valid', dilation=1, groups=1)", PaddedByName),
        Of("convolution.default(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups)", AnyConvolution),
        Of("batch_norm.default(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled)", BatchNorm),
        Of("native_batch_norm.default(input, weight, bias, running_mean, running_var, training, momentum, eps)", BatchNorm),
        Of("_native_batch_norm_legit.default(input, weight, bias, running_mean, running_var, training, momentum, eps)", BatchNorm),
        Of("_native_batch_norm_legit_no_training.default(input, weight, bias, running_mean, running_var, momentum, eps)", Normalize),
        Of("layer_norm.default(input, normalized_shape, weight=None, bias=None, eps=1e-5, cudnn_enable=True)", LayerNorm),
        Of("native_layer_norm.default(input, normalized_shape, weight, bias, eps)", LayerNorm),
        Of("group_norm.default(input, num_groups, weight=None, bias=None, eps=1e-5, cudnn_enabled=True)",
            c => GroupNorm(c, c.Whole("num_groups"))),
        Of("native_group_norm.default(input, weight, bias, N, C, HxW, group, eps)", c => GroupNorm(c, c.Whole("group"))),
        Of("instance_norm.default(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled)",
            InstanceNorm),
        Of("linear.default(input, weight, bias=None)", Linear),
        Of("addmm.default(self, mat1, mat2, beta=1, alpha=1)", c => c.Write("Gemm", [c.Tensor("mat1"), c.Tensor("mat2"),
            c.Tensor("self")], ("alpha", c.Number("alpha")), ("beta", c.Number("beta")))),
        Of("mm.default(self, mat2)", c => c.Write("MatMul", [c.Tensor("self"), c.Tensor("mat2")])),
        Of("bmm.default(self, mat2)", c => c.Write("MatMul", [c.Tensor("self"), c.Tensor("mat2")])),
        Of("matmul.default(self, other)", c => c.Write("MatMul", [c.Tensor("self"), c.Tensor("other")])),
        Of("einsum.default(equation, tensors, path=None)", c => c.Write("Einsum", [.. c.Tensors("tensors").Select(t => t ?? "")],
            ("equation", c.Word("equation")))),
        Of("max_pool2d.default(self, kernel_size, stride=[], padding=0, dilation=1, ceil_mode=False)", MaxPool),
        Of("max_pool2d_with_indices.default(self, kernel_size, stride=[], padding=0, dilation=1, ceil_mode=False)", MaxPool),
        Of("avg_pool2d.default(self, kernel_size, stride=[], padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)",
            AveragePool),
        Of("adaptive_avg_pool2d.default(self, output_size)", AdaptiveAverage),
        Of("_adaptive_avg_pool2d.default(self, output_size)", AdaptiveAverage),
        Of("adaptive_max_pool2d.default(self, output_size)", AdaptiveMaximum),
        Of("dropout.default(input, p, train)", c => Dropout(c, "input"), Sharing.Same),
        Of("dropout_.default(self, p, train)", c => Dropout(c, "self"), Sharing.Same),
        Of("feature_dropout.default(input, p, train)", c => Dropout(c, "input"), Sharing.Same),
        Of("alpha_dropout.default(input, p, train)", c => Dropout(c, "input"), Sharing.Same),
        Of("upsample_nearest2d.default(self, output_size, scales_h=None, scales_w=None)",
            c => Upsample(c, "self", "nearest", "asymmetric")),
        Of("upsample_nearest2d.vec(input, output_size, scale_factors)", c => Upsample(c, "input", "nearest", "asymmetric")),
        Of("upsample_bilinear2d.vec(input, output_size, align_corners, scale_factors)", c => Upsample(c, "input", "linear",
            c.Flag("align_corners") ? "align_corners" : "half_pixel")),
        Of("pixel_shuffle.default(self, upscale_factor)", c => c.Write("DepthToSpace", [c.Tensor("self")],
            ("blocksize", c.Whole("upscale_factor")), ("mode", "CRD"))),
    ];

    private static ImmutableArray<long> Pads(AtenCall call) => call.Pair("padding") is [var height, var width]
        ? [height, width, height, width] : [];

    private static void Convolution(AtenCall call, ImmutableArray<long> pads) => call.Write("Conv", Inputs(call, "input", "weight", "bias"),
        ("strides", call.Pair("stride")), ("pads", pads), ("dilations", call.Pair("dilation")), ("group", call.Whole("groups")));

    private static void PaddedByName(AtenCall call)
    {
        if (call.Word("padding") == "valid")
        {
            Convolution(call, [0, 0, 0, 0]);
            return;
        }

        call.Require(call.Word("padding") == "same", "padding", "'same' or 'valid'");
        call.Write("Conv", Inputs(call, "input", "weight", "bias"), ("strides", call.Pair("stride")), ("auto_pad", "SAME_UPPER"),
            ("dilations", call.Pair("dilation")), ("group", call.Whole("groups")));
    }

    private static void AnyConvolution(AtenCall call)
    {
        call.Require(!call.Flag("transposed"), "transposed", "False");
        call.Require(call.Wholes("output_padding").All(p => p == 0), "output_padding", "zeros");
        Convolution(call, Pads(call));
    }

    private static void BatchNorm(AtenCall call)
    {
        call.Require(!call.Flag("training"), "training",
            $"False: batch norm in training mode takes the batch's own statistics; {Training}");
        Normalize(call);
    }

    private static void Normalize(AtenCall call)
    {
        call.Ignore("momentum", "cudnn_enabled");
        call.Require(!call.IsNone("running_mean"), "running_mean",
            $"statistics: batch norm without them takes the batch's own, as in training; {Training}");
        string mean = call.Tensor("running_mean");
        ImmutableArray<long> shape = call.Writer.ShapeOf(mean) ?? throw new ModelException("its statistics are no constants");
        call.Write("BatchNormalization", [call.Tensor("input"), OrFilled(call, "weight", shape, 1), OrFilled(call, "bias", shape, 0), mean,
            call.Tensor("running_var")], ("epsilon", call.Number("eps")));
    }

    private static void LayerNorm(AtenCall call)
    {
        call.Ignore("cudnn_enable");
        ImmutableArray<long> shape = call.Wholes("normalized_shape");
        call.Write("LayerNormalization", [call.Tensor("input"), OrFilled(call, "weight", shape, 1), OrFilled(call, "bias", shape, 0)],
            ("axis", (long)-shape.Length), ("epsilon", call.Number("eps")));
    }

    private static void GroupNorm(AtenCall call, long groups)
    {
        call.Ignore("cudnn_enabled", "N", "C", "HxW");
        call.Write("GroupNormalization", [call.Tensor("input"), call.Tensor("weight"), call.Tensor("bias")], ("num_groups", groups),
            ("epsilon", call.Number("eps")));
    }

    private static void InstanceNorm(AtenCall call)
    {
        if (!call.Flag("use_input_stats"))
        {
            Normalize(call);
            return;
        }

        call.Ignore("momentum", "cudnn_enabled", "running_mean", "running_var");
        call.Write("InstanceNormalization", [call.Tensor("input"), call.Tensor("weight"), call.Tensor("bias")],
            ("epsilon", call.Number("eps")));
    }

    /// <summary>x Wᵀ + b over the last axis.</summary>
    private static void Linear(AtenCall call)
    {
        if (call.Rank("input") == 2)
        {
            call.Write("Gemm", Inputs(call, "input", "weight", "bias"), ("transB", 1L));
            return;
        }

        string turned = call.Writer.Step("Transpose", [call.Tensor("weight")], ("perm", ImmutableArray.Create(1L, 0)));
        if (call.IsNone("bias"))
        {
            call.Write("MatMul", [call.Tensor("input"), turned]);
        }
        else
        {
            call.Write("Add", [call.Writer.Step("MatMul", [call.Tensor("input"), turned]), call.Tensor("bias")]);
        }
    }

    private static ImmutableArray<long> Stride(AtenCall call) => call.Pair(call.Wholes("stride").IsEmpty ? "kernel_size" : "stride");

    private static void MaxPool(AtenCall call) => call.Write("MaxPool", [call.Tensor("self")], ("kernel_shape", call.Pair("kernel_size")),
        ("strides", Stride(call)), ("pads", Pads(call)), ("dilations", call.Pair("dilation")), ("ceil_mode", Bit(call, "ceil_mode")));

    private static void AveragePool(AtenCall call)
    {
        call.Require(call.IsNone("divisor_override"), "divisor_override", "None");
        call.Write("AveragePool", [call.Tensor("self")], ("kernel_shape", call.Pair("kernel_size")), ("strides", Stride(call)),
            ("pads", Pads(call)), ("ceil_mode", Bit(call, "ceil_mode")), ("count_include_pad", Bit(call, "count_include_pad")));
    }

    private static void AdaptiveAverage(AtenCall call)
    {
        if (call.Pair("output_size") is [1, 1])
        {
            call.Write("GlobalAveragePool", [call.Tensor("self")]);
        }
        else
        {
            call.Write("AdaptiveAveragePool", [call.Tensor("self")], ("output_size", call.Pair("output_size")));
        }
    }

    private static void AdaptiveMaximum(AtenCall call)
    {
        call.Require(call.Pair("output_size") is [1, 1], "output_size", "1");
        call.Write("GlobalMaxPool", [call.Tensor("self")]);
    }

    private static void Dropout(AtenCall call, string input)
    {
        call.Ignore("p");
        call.Require(!call.Flag("train"), "train", $"False: dropout in training mode draws at random; {Training}");
        call.Write("Dropout", [call.Tensor(input)]);
    }

    private static void Upsample(AtenCall call, string input, string mode, string positions)
    {
        ImmutableArray<double>? scales = call.Has("scale_factors")
            ? call.IsNone("scale_factors") ? null : call.Numbers("scale_factors")
            : call.IsNone("scales_h") || call.IsNone("scales_w") ? null : [call.Number("scales_h"), call.Number("scales_w")];
        ImmutableArray<string> sizes = scales is { } given
            ? [call.Tensor(input), "", call.Writer.Row(given)]
            : [call.Tensor(input), "", "", call.Writer.Wholes(call.Pair("output_size").AsSpan())];
        call.Ignore("output_size", "scales_h", "scales_w");
        call.Write("Resize", sizes, ("axes", ImmutableArray.Create(2L, 3)), ("mode", mode), ("nearest_mode", "floor"),
            ("coordinate_transformation_mode", positions));
    }

    private static string OrFilled(AtenCall call, string name, ImmutableArray<long> shape, double value) =>
        call.IsNone(name) ? call.Writer.Filled(shape, value) : call.Tensor(name);

    private static ImmutableArray<string> Inputs(AtenCall call, string first, string second, string last) => call.IsNone(last)
        ? [call.Tensor(first), call.Tensor(second)]
        : [call.Tensor(first), call.Tensor(second), call.Tensor(last)];

    private static long Bit(AtenCall call, string name) => call.Flag(name) ? 1L : 0L;
}
