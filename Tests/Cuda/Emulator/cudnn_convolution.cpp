// The emulated cuDNN's convolutions, as columns and products, and its addition of tensors. Without the FMA math type factors are rounded to
// TF32.
#include "cudnn.h"
#include "host_gemm.h"

namespace
{
// Row (c, i, j) of the columns of one group of one picture, as a row-major matrix [c * kh * kw, h * w].
template <typename Visit>
void each_tap(const Shapes& s, Visit visit)
{
    const auto& [a, f, b, g] = s;
    for (int c = 0; c < f.c; c++)
    {
        for (int i = 0; i < f.h; i++)
        {
            for (int j = 0; j < f.w; j++)
            {
                long row = ((long)c * f.h + i) * f.w + j;
                for (int y = 0; y < b.h; y++)
                {
                    int from = y * g.sh - g.ph + i * g.dh;
                    for (int x = 0; x < b.w; x++)
                    {
                        int column = x * g.sw - g.pw + j * g.dw;
                        bool inside = from >= 0 && from < a.h && column >= 0 && column < a.w;
                        visit(row * b.h * b.w + (long)y * b.w + x, inside ? ((long)c * a.h + from) * a.w + column : -1);
                    }
                }
            }
        }
    }
}

void forward(const Shapes& s, const float* x, const float* w, float* y, float alpha, float beta)
{
    const auto& [a, f, b, g] = s;
    long depth = (long)f.c * f.h * f.w, plane = (long)b.h * b.w, filters = f.n / g.groups;
    std::vector<float> taps(depth * plane);
    for (int n = 0; n < a.n; n++)
    {
        for (int group = 0; group < g.groups; group++)
        {
            const float* from = x + ((long)n * a.c + (long)group * f.c) * a.h * a.w;
            each_tap(s, [&](long to, long at) { taps[to] = at < 0 ? 0.0f : from[at]; });
            // Row-major [filters, depth] x [depth, plane] as its column-major transpose.
            host_gemm(false, false, plane, filters, depth, alpha, taps.data(), plane, w + group * filters * depth, depth, beta,
                y + ((long)n * b.c + group * filters) * plane, plane, g.math != FMA_MATH);
        }
    }
}

// `forwards` is the order of the sums, which an algorithm that is not deterministic leaves open.
void backward(const Shapes& s, const float* dy, const float* w, float* dx, float alpha, float beta, bool forwards)
{
    const auto& [a, f, b, g] = s;
    long depth = (long)f.c * f.h * f.w, plane = (long)b.h * b.w, filters = f.n / g.groups;
    std::vector<float> taps(depth * plane);
    for (int n = 0; n < a.n; n++)
    {
        for (int group = 0; group < g.groups; group++)
        {
            host_gemm(false, true, plane, depth, filters, 1.0f, dy + ((long)n * b.c + group * filters) * plane, plane,
                w + group * filters * depth, depth, 0.0f, taps.data(), plane, g.math != FMA_MATH, forwards);
            float* to = dx + ((long)n * a.c + (long)group * f.c) * a.h * a.w;
            for (long i = 0; i < (long)f.c * a.h * a.w; i++) { to[i] = beta == 0.0f ? 0.0f : beta * to[i]; }
            each_tap(s, [&](long from, long at) {
                if (at >= 0) { to[at] += alpha * taps[from]; }
            });
        }
    }
}

// Device memory that a call uses.
struct Memory
{
    CUdeviceptr address;
    size_t bytes;
};

cudnnStatus_t check(std::initializer_list<Memory> used)
{
    for (const Memory& one : used)
    {
        if (one.address == 0) { return refuse(DNN_NULL_POINTER, "a tensor is null"); }
        if (one.address % sizeof(float) != 0) { return refuse(DNN_MISALIGNED, "a tensor is not aligned to its values"); }
        if (emu::in_device(one.address, one.bytes)) { continue; }
        emu::violation("cuDNN: a tensor reaches beyond its allocation"); // Which cuDNN could not know.
        return refuse(DNN_BAD_PARAM, "a tensor reaches beyond its allocation");
    }
    return 0;
}

bool overlap(Memory a, Memory b) { return a.address < b.address + b.bytes && b.address < a.address + a.bytes; }

cudnnStatus_t run(bool is_forward, void* handle, const float* alpha, void* x, void* w, void* convolution, void* y, Memory in,
    Memory filters, int algorithm, Memory workspace, const float* beta, Memory out)
{
    if (!is_handle(handle)) { return DNN_NOT_INITIALIZED; }
    if (alpha == nullptr || beta == nullptr) { return refuse(DNN_NULL_POINTER, "a scalar is null"); }
    Shapes s;
    if (cudnnStatus_t wrong = shapes(x, w, convolution, y, &s)) { return wrong; }
    in.bytes = is_forward ? s.x.bytes() : s.y.bytes();
    out.bytes = is_forward ? s.y.bytes() : s.x.bytes();
    filters.bytes = s.w.bytes();
    if (cudnnStatus_t wrong = check({in, filters, out})) { return wrong; }
    if (!is_supported(algorithm, s)) { return refuse(DNN_NOT_SUPPORTED, "the algorithm does not support this convolution"); }
    size_t needed = workspace_bytes(algorithm, s);
    if (needed > 0 && workspace.address == 0) { return refuse(DNN_NULL_POINTER, "the algorithm needs a workspace"); }
    if (workspace.bytes < needed) { return refuse(DNN_TOO_SMALL, "the workspace is too small for the algorithm"); }
    if (needed > 0 && (workspace.address % 16 != 0 || !emu::in_device(workspace.address, workspace.bytes)))
    {
        return refuse(DNN_BAD_PARAM, "the workspace is not aligned, or not so large");
    }
    workspace.bytes = needed;
    if (overlap(in, out) || overlap(filters, out)) { emu::violation("cuDNN: the result overlaps a factor"); }
    if (overlap(workspace, in) || overlap(workspace, filters) || overlap(workspace, out))
    {
        emu::violation("cuDNN: the workspace overlaps a tensor");
    }

    float a = *alpha, b = *beta;
    bool open_order = !is_forward && algorithm == 0;
    CUresult queued = emu::enqueue(stream_of(handle), [=] {
        bool forwards = open_order && emu::chance(2) == 0;
        return emu::guarded([&] {
            if (needed > 0) { emu::poison((void*)workspace.address, needed); }
            const float *from = (const float*)in.address, *factors = (const float*)filters.address;
            is_forward ? forward(s, from, factors, (float*)out.address, a, b)
                       : backward(s, from, factors, (float*)out.address, a, b, forwards);
        });
    });
    return queued == OK ? 0 : refuse(dnn_status(queued), "the stream takes no work");
}

// c = alpha a + beta c, where a may have one value for all places of a dimension.
void add(const Sizes& a, const Sizes& c, const float* from, float* to, float alpha, float beta)
{
    for (int n = 0; n < c.n; n++)
    {
        for (int k = 0; k < c.c; k++)
        {
            for (int y = 0; y < c.h; y++)
            {
                for (int x = 0; x < c.w; x++, to++)
                {
                    long at = (((long)(a.n == 1 ? 0 : n) * a.c + (a.c == 1 ? 0 : k)) * a.h + (a.h == 1 ? 0 : y)) * a.w + (a.w == 1 ? 0 : x);
                    *to = alpha * from[at] + (beta == 0.0f ? 0.0f : beta * *to);
                }
            }
        }
    }
}

bool spreads(int from, int to) { return from == 1 || from == to; }
}

API cudnnStatus_t cudnnConvolutionForward(void* handle, const float* alpha, void* x_descriptor, const void* x, void* w_descriptor,
    const void* w, void* convolution, int algorithm, void* workspace, size_t bytes, const float* beta, void* y_descriptor, void* y)
{
    ENTER_DNN();
    return run(true, handle, alpha, x_descriptor, w_descriptor, convolution, y_descriptor, {(CUdeviceptr)x, 0}, {(CUdeviceptr)w, 0},
        algorithm, {(CUdeviceptr)workspace, bytes}, beta, {(CUdeviceptr)y, 0});
}

API cudnnStatus_t cudnnConvolutionBackwardData(void* handle, const float* alpha, void* w_descriptor, const void* w, void* dy_descriptor,
    const void* dy, void* convolution, int algorithm, void* workspace, size_t bytes, const float* beta, void* dx_descriptor, void* dx)
{
    ENTER_DNN();
    return run(false, handle, alpha, dx_descriptor, w_descriptor, convolution, dy_descriptor, {(CUdeviceptr)dy, 0}, {(CUdeviceptr)w, 0},
        algorithm, {(CUdeviceptr)workspace, bytes}, beta, {(CUdeviceptr)dx, 0});
}

API cudnnStatus_t cudnnAddTensor(
    void* handle, const float* alpha, void* a_descriptor, const void* A, const float* beta, void* c_descriptor, void* C)
{
    ENTER_DNN();
    if (!is_handle(handle)) { return DNN_NOT_INITIALIZED; }
    const Sizes *from = tensor(a_descriptor), *to = tensor(c_descriptor);
    if (from == nullptr || to == nullptr || from->count() == 0 || to->count() == 0)
    {
        return refuse(DNN_BAD_PARAM, "a descriptor does not exist, or is not set");
    }
    if (alpha == nullptr || beta == nullptr) { return refuse(DNN_NULL_POINTER, "a scalar is null"); }
    Sizes a = *from, c = *to;
    if (!spreads(a.n, c.n) || !spreads(a.c, c.c) || !spreads(a.h, c.h) || !spreads(a.w, c.w))
    {
        return refuse(DNN_SHAPE, "the shapes do not fit each other");
    }
    if (cudnnStatus_t wrong = check({{(CUdeviceptr)A, a.bytes()}, {(CUdeviceptr)C, c.bytes()}})) { return wrong; }
    float scale = *alpha, keep = *beta;
    CUresult queued =
        emu::enqueue(stream_of(handle), [=] { return emu::guarded([&] { add(a, c, (const float*)A, (float*)C, scale, keep); }); });
    return queued == OK ? 0 : refuse(dnn_status(queued), "the stream takes no work");
}
