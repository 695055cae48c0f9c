// Each kernel of Cuda/Kernels on a large odd shape.
#include "program.h"

typedef long long offset;
typedef unsigned long long u64;

namespace
{
constexpr int PICTURES = 3, CHANNELS = 7, H = 211, W = 199, PLANE = H * W;
constexpr offset COUNT = (offset)PICTURES * CHANNELS * PLANE;
constexpr Grid OVER = {1001}; // Fewer threads than elements.

void elementwise()
{
    launch("relu_forward", OVER, values(COUNT), places(COUNT), COUNT);
    for (std::string rule : {"vanilla", "deconvnet", "guided", "redirected"})
    {
        launch(("relu_backward_" + rule).c_str(), OVER, values(COUNT), values(COUNT), places(COUNT), COUNT);
        launch(("sloped_backward_" + rule).c_str(), OVER, values(COUNT), values(COUNT), places(COUNT), COUNT);
    }
    for (std::string function : {"relu6", "silu", "hardswish", "gelu", "hardsigmoid", "sigmoid", "tanh", "leaky_relu", "threshold", "hardtanh", "elu",
             "selu", "celu", "softplus", "mish", "softsign", "gelu_tanh"})
    {
        launch(("activation_" + function).c_str(), OVER, values(COUNT), places(COUNT), places(COUNT), 0.5f, 0.25f, 2.0f, COUNT);
    }
    launch("prelu_forward", Grid{planes(PICTURES * CHANNELS, PLANE)}, values(COUNT), values(CHANNELS), places(COUNT), places(COUNT), CHANNELS,
        PLANE);
    launch("maximum", OVER, values(COUNT), values(COUNT), places(COUNT), COUNT);
    launch("minimum", OVER, values(COUNT), values(COUNT), places(COUNT), COUNT);
    launch("larger_backward", OVER, values(COUNT), values(COUNT), values(COUNT), places(COUNT), COUNT);
    launch("multiply", OVER, values(COUNT), values(COUNT), places(COUNT), COUNT);
    launch("split_tf32", OVER, values(COUNT), places(COUNT), places(COUNT), COUNT);
    launch("add_to", OVER, values(COUNT), values(COUNT), COUNT);
    launch("add", OVER, values(COUNT), values(COUNT), places(COUNT), COUNT);
    constexpr offset LENGTH = 5 * PLANE;
    launch("copy_blocks", Grid{101, PICTURES}, values(LENGTH * PICTURES), places(LENGTH * PICTURES), LENGTH, LENGTH, LENGTH);
    launch("adam_step", OVER, values(COUNT), values(COUNT), values(COUNT), (float*)memset(values(COUNT), 0, sizeof(float) * COUNT), 0.1,
        1.0, 0.9, 0.999, 1e-8, COUNT);
    launch(
        "add_noise", Grid{101, PICTURES}, values(CHANNELS * PLANE), places(COUNT), 0.1, (u64)-1, (u64)-2, (u64)3, (offset)CHANNELS * PLANE);
    launch("add_moments", OVER, doubles(5 * PLANE), doubles(PLANE), doubles(PLANE), 5, 0, (offset)PLANE);
}

void biases()
{
    launch("bias_forward", Grid{planes(PICTURES * CHANNELS, PLANE)}, values(COUNT), values(CHANNELS), CHANNELS, PLANE);
    launch("bias_relu_forward", Grid{planes(PICTURES * CHANNELS, PLANE)}, values(COUNT), values(CHANNELS), CHANNELS, PLANE);
    constexpr int FEATURES = 4099;
    launch("bias_rows", Grid{3}, values(PICTURES * FEATURES), values(FEATURES), FEATURES, (offset)PICTURES * FEATURES);
    launch("bias_relu_rows", Grid{3}, values(PICTURES * FEATURES), values(FEATURES), FEATURES, (offset)PICTURES * FEATURES);
    launch("softmax_forward", Grid{PICTURES}, values(PICTURES * FEATURES), places(PICTURES * FEATURES), FEATURES);
    launch("softmax_backward", Grid{PICTURES}, values(PICTURES * FEATURES), values(PICTURES * FEATURES), places(PICTURES * FEATURES),
        FEATURES);
}

void channels()
{
    constexpr int PLANES = PICTURES * CHANNELS, FEWER = 3;
    launch("scale_planes", Grid{planes(PLANES, PLANE)}, values(COUNT), values(CHANNELS), values(CHANNELS), places(COUNT), CHANNELS, PLANE);
    launch("scale_pixels", Grid{planes(PLANES, PLANE)}, values(COUNT), values(PICTURES * PLANE), places(COUNT), CHANNELS, PLANE);
    launch("pixel_dots", Grid{planes(PICTURES, PLANE)}, values(COUNT), values(COUNT), places(PICTURES * PLANE), CHANNELS, PLANE);
    launch("plane_dots", Grid{PLANES}, values(COUNT), values(COUNT), places(PLANES), PLANE);
    launch("move_channels", Grid{planes(PICTURES * FEWER, PLANE)}, values(COUNT), places(PICTURES * FEWER * PLANE), CHANNELS, FEWER, 2, 1, PLANE);
    launch("move_channels", Grid{planes(PLANES, PLANE)}, values(PICTURES * FEWER * PLANE), places(COUNT), FEWER, CHANNELS, -2, 1, PLANE);
    constexpr int PIXELS = PICTURES * PLANE;
    launch("layernorm_forward", Grid{(PIXELS + 31) / 32}, values(COUNT), values(CHANNELS), values(CHANNELS), places(COUNT), places(2 * PIXELS),
        1e-6f, CHANNELS, PLANE, PIXELS);
    launch("layernorm_backward", Grid{(PIXELS + 31) / 32}, values(COUNT), values(CHANNELS), values(2 * PIXELS), values(COUNT), places(COUNT),
        CHANNELS, PLANE, PIXELS);
    launch("groupnorm_forward", Grid{PICTURES * CHANNELS}, values(COUNT), values(CHANNELS), values(CHANNELS), places(COUNT),
        places(2 * PICTURES * CHANNELS), 1e-6f, CHANNELS, 1, PLANE);
    launch("groupnorm_backward", Grid{PICTURES}, values(COUNT), values(CHANNELS), values(2 * PICTURES), values(COUNT), places(COUNT), 1, CHANNELS,
        PLANE);
    constexpr int TALL = H + 5, WIDE = 2 * W, MORE = TALL * WIDE;
    launch("pixels_forward", Grid{planes(PLANES, MORE)}, values(COUNT), places((long)PLANES * MORE), numbers(TALL, H), numbers(WIDE, W), 0.5f, H, W,
        TALL, WIDE);
    int *down = numbers(H + 1, 1), *across = numbers(W + 1, 1);
    for (int i = 0; i <= H; i++) { down[i] = i; }
    for (int i = 0; i <= W; i++) { across[i] = 2 * i; }
    launch("pixels_backward", Grid{planes(PLANES, PLANE)}, values((long)PLANES * MORE), places(COUNT), down, numbers(H, TALL), across,
        numbers(2 * W, WIDE), H, W, TALL, WIDE);
}

// Windows of 3x5, stride 2x3, padding 1x2, dilation 2x1.
constexpr int KH = 3, KW = 5, SH = 2, SW = 3, PH = 1, PW = 2, DH = 2, DW = 1;
constexpr int OUT_H = (H + 2 * PH - DH * (KH - 1) - 1) / SH + 1, OUT_W = (W + 2 * PW - DW * (KW - 1) - 1) / SW + 1, OUT = OUT_H * OUT_W;

void windows()
{
    constexpr offset ROWS = CHANNELS * KH * KW;
    launch("im2col", Grid{planes(ROWS, OUT), PICTURES}, values(COUNT), places(PICTURES * ROWS * OUT), (offset)CHANNELS * PLANE, ROWS * OUT,
        H, W, OUT_H, OUT_W, KH, KW, SH, SW, PH, PW, DH, DW);
    launch("col2im", Grid{planes(CHANNELS, PLANE), PICTURES}, values(PICTURES * ROWS * OUT), places(COUNT), (offset)CHANNELS * PLANE,
        ROWS * OUT, H, W, OUT_H, OUT_W, KH, KW, SH, SW, PH, PW, DH, DW);
    constexpr offset PLANES = PICTURES * CHANNELS;
    launch("maxpool_forward", Grid{planes(PLANES, OUT)}, values(COUNT), places(PLANES * OUT), numbers(PLANES * OUT, 1), H, W, OUT_H, OUT_W,
        KH, KW, SH, SW, PH, PW, DH, DW);
    launch("maxpool_backward", Grid{planes(PLANES, PLANE)}, values(PLANES * OUT), numbers(PLANES * OUT, PLANE), places(COUNT), H, W, OUT_H,
        OUT_W, KH, KW, SH, SW, PH, PW, DH, DW);
    constexpr int END_H = 0, END_W = 1, MEAN_H = (H + PH + END_H - KH) / SH + 1, MEAN_W = (W + PW + END_W - KW) / SW + 1, MEANS = MEAN_H * MEAN_W;
    launch("meanpool_forward", Grid{planes(PLANES, MEANS)}, values(COUNT), places(PLANES * MEANS), H, W, MEAN_H, MEAN_W, KH, KW, SH, SW, PH,
        PW, END_H, END_W, 1);
    launch("meanpool_backward", Grid{planes(PLANES, PLANE)}, values(PLANES * MEANS), places(COUNT), H, W, MEAN_H, MEAN_W, KH, KW, SH, SW, PH,
        PW, END_H, END_W, 0);
    constexpr int BIN_H = 13, BIN_W = 7;
    launch("avgpool_forward", Grid{planes(PLANES, BIN_H * BIN_W)}, values(COUNT), places(PLANES * BIN_H * BIN_W), H, W, BIN_H, BIN_W);
    launch("avgpool_backward", Grid{planes(PLANES, PLANE)}, values(PLANES * BIN_H * BIN_W), places(COUNT), H, W, BIN_H, BIN_W);
}

void winograd()
{
    constexpr int OUTPUTS = 61, DEEP = 67, ROWS = (H + 3) / 4, COLUMNS = (W + 3) / 4, ALL = PICTURES * ROWS * COLUMNS, TILES = 1024, FIRST = 7 * TILES;
    static_assert(FIRST < ALL && FIRST + TILES > ALL);
    launch("winograd_filters", Grid{5}, values(OUTPUTS * DEEP * 9), places(36 * OUTPUTS * DEEP), OUTPUTS, DEEP, 1);
    launch("winograd_inputs", Grid{3}, values(COUNT), places(36 * CHANNELS * TILES), CHANNELS, H, W, 1, 1, ROWS, COLUMNS, FIRST, TILES, ALL);
    launch("winograd_outputs", Grid{101}, values(36 * CHANNELS * ALL), places(COUNT), CHANNELS, H, W, ROWS, COLUMNS, 0, ALL, ALL);
    for (const char* kernel : {"winograd_outputs_bias", "winograd_outputs_bias_relu"})
    {
        launch(kernel, Grid{101}, values(36 * CHANNELS * ALL), values(CHANNELS), places(COUNT), CHANNELS, H, W, ROWS, COLUMNS, 0, ALL, ALL);
    }
}

void products()
{
    constexpr int M = 131, N = 197, K = 67, BATCH = 2, FEATURES = 4099, OUTPUTS = 517;
    for (const char* kernel : {"sgemm_nn", "sgemm_tn", "sgemm_nt"})
    {
        for (int side : {64, 128})
        {
            std::string sized = side == 64 ? kernel : std::string(kernel) + "_large";
            launch(sized.c_str(), Grid{(unsigned)((N + side - 1) / side), (unsigned)((M + side - 1) / side), BATCH}, values(BATCH * M * K),
                values(BATCH * K * N), places(BATCH * M * N), M, N, K, (offset)M * K, (offset)K * N, (offset)M * N);
        }
    }
    launch("linear_forward", Grid{(OUTPUTS + 7) / 8, PICTURES}, values(OUTPUTS * FEATURES), values(PICTURES * FEATURES),
        places(PICTURES * OUTPUTS), FEATURES, OUTPUTS);
    launch("linear_backward", Grid{(FEATURES + 31) / 32, PICTURES}, values(OUTPUTS * FEATURES), values(PICTURES * OUTPUTS), places(PICTURES * FEATURES),
        FEATURES, OUTPUTS);
}

void maps()
{
    launch("plane_means", Grid{PICTURES * CHANNELS}, values(COUNT), places(PICTURES * CHANNELS), PLANE);
    launch("weighted_channels", Grid{planes(PICTURES, PLANE)}, values(COUNT), values(PICTURES * CHANNELS), places(PICTURES * PLANE),
        CHANNELS, PLANE);
    launch("line_points", Grid{101, PICTURES}, doubles(PICTURES), numbers(2 * PICTURES, 2), values(2 * PLANE), places(PICTURES * PLANE),
        (offset)PLANE);
    launch("add_terms", Grid{101}, doubles(PICTURES), numbers(3 * PICTURES, 2), values(2 * PLANE), values(PICTURES * PLANE), doubles(PLANE),
        doubles(PLANE), doubles(PLANE), PICTURES, (offset)PLANE);
    offset pixels = (offset)PICTURES * PLANE;
    launch("colors_forward", OVER, values(3 * pixels), values(9), places(3 * pixels), PLANE, pixels);
    launch("colors_backward", OVER, values(3 * pixels), values(3 * pixels), values(9), places(3 * pixels), PLANE, pixels);
}

void masks()
{
    constexpr int LABELS = 53, CELL = 30, TALL = 8 * CELL, WIDE = 8 * CELL;
    static_assert(TALL - CELL >= H - 1 && WIDE - CELL >= W - 1);
    constexpr offset ALL = (offset)CHANNELS * PLANE;
    launch("mask_labels", Grid{101, PICTURES}, values(ALL), values(ALL), numbers(PLANE, LABELS), values(PICTURES * LABELS), places(COUNT), LABELS,
        CHANNELS, PLANE);
    float* edges = values(4 * PICTURES);
    for (int i = 0; i < 4 * PICTURES; i++) { edges[i] = (float)(i % 2 == 0 ? 3 * i : 190 - i); }
    launch("mask_boxes", Grid{101, PICTURES}, values(ALL), values(ALL), edges, places(COUNT), W, CHANNELS, PLANE);
    launch("grid_ranges", Grid{PICTURES}, values(PICTURES * (13 * 7 + 2)), places(2 * PICTURES), 13, 7, H, W);
    for (int scaled : {0, 1})
    {
        float* cells = values(PICTURES * (7 * 7 + 2));
        for (int i = 0; i < 2 * PICTURES; i++) { cells[51 * (i / 2) + 49 + i % 2] = (float)(i * CELL / (2 * PICTURES)); }
        launch("mask_grids", Grid{101, PICTURES}, values(ALL), cells, values(2 * PICTURES), places(COUNT), scaled, 7, 7, TALL, WIDE, W, CHANNELS, PLANE);
    }
}

// Through maps that turn, that reach far outside, that have no inverse, and that show few pixels at large.
void sampling()
{
    constexpr int h = 101, w = 97, LOW = 31, NARROW = 29;
    const double maps[][6] = {{1.9, 0.6, -20.0, -0.6, 2.1, 40.0}, {1.0, 0.0, 1e9, 0.0, 1.0, -1e9}, {2.0, 1.0, 0.0, 4.0, 2.0, 0.0},
        {1e-3, 0.0, 9.0, 0.0, 1e-3, 9.0}};
    for (int grey : {0, 1})
    {
        for (auto& m : maps)
        {
            launch("sample_forward", Grid{planes(3, h * w)}, values(3 * PLANE), places(3 * h * w), H, W, h, w, m[0], m[1], m[2], m[3], m[4],
                m[5], grey);
        }
        for (auto& m : maps)
        {
            launch("sample_backward", Grid{planes(3, LOW * NARROW)}, values(3 * h * w), places(3 * LOW * NARROW), LOW, NARROW, h, w, m[0],
                m[1], m[2], m[3], m[4], m[5], grey);
        }
    }
}
}

void all_cases()
{
    elementwise();
    biases();
    channels();
    windows();
    winograd();
    products();
    maps();
    masks();
    sampling();
}
