// Activation functions beside the rectifier: f(x), and f'(x) for the backward pass, which sloped_backward of relu.cu takes. Bound by memory, 8 bytes a value and 4 more
// for the slope, but for the sigmoid's exponential, tanh and the error function. The formulas are those of Engine/Functions.
#include "common.cuh"

// A value of a function and its slope there.
struct Point
{
    float value, slope;
};

__device__ static float sigmoid_of(float x) { return 1.0f / (1.0f + expf(-x)); }

// y = f(x), and f'(x) unless there is no place for it; a, b and c are the function's parameters, in their order.
#define BENT(function, at_x)                                                                                      \
    KERNEL activation_##function(const float* x, float* y, float* slopes, float a, float b, float c, offset n)    \
    {                                                                                                             \
        FOR_EACH(i, n)                                                                                            \
        {                                                                                                         \
            Point at = at_x;                                                                                      \
            y[i] = at.value;                                                                                      \
            if (slopes != nullptr) { slopes[i] = at.slope; }                                                      \
        }                                                                                                         \
    }
#define ACTIVATION(function) BENT(function, at_##function(x[i]))

__device__ static Point at_relu6(float x) { return {x > 6.0f ? 6.0f : x < 0.0f ? 0.0f : x, x > 0.0f && x < 6.0f ? 1.0f : 0.0f}; }
ACTIVATION(relu6)

__device__ static Point at_silu(float x)
{
    float s = sigmoid_of(x), y = x * s;
    return {y, s + y * (1.0f - s)};
}
ACTIVATION(silu)

__device__ static Point at_hardswish(float x)
{
    const float sixth = (float)(1.0 / 6), third = (float)(1.0 / 3);
    return {x > 3.0f ? x : x < -3.0f ? 0.0f : x * (x * sixth + 0.5f), x > 3.0f ? 1.0f : x < -3.0f ? 0.0f : x * third + 0.5f};
}
ACTIVATION(hardswish)

__device__ static Point at_gelu(float x)
{
    float phi = 0.5f * (1.0f + erff(x * 0.70710678118654752440f)), density = 0.39894228040143267794f * expf(-0.5f * (x * x));
    return {x * phi, phi + x * density};
}
ACTIVATION(gelu)

__device__ static Point at_hardsigmoid(float x, float alpha, float beta)
{
    float value = x * alpha + beta;
    return {value > 1.0f ? 1.0f : value < 0.0f ? 0.0f : value, value > 0.0f && value < 1.0f ? alpha : 0.0f};
}
BENT(hardsigmoid, at_hardsigmoid(x[i], a, b))

__device__ static Point at_sigmoid(float x)
{
    float s = sigmoid_of(x);
    return {s, s * (1.0f - s)};
}
ACTIVATION(sigmoid)

__device__ static Point at_tanh(float x)
{
    float y = tanhf(x);
    return {y, 1.0f - y * y};
}
ACTIVATION(tanh)

__device__ static Point at_leaky_relu(float x, float slope) { return {x > 0.0f ? x : x * slope, x > 0.0f ? 1.0f : slope}; }
BENT(leaky_relu, at_leaky_relu(x[i], a))

__device__ static Point at_threshold(float x, float threshold, float slope, float ceiling)
{
    float past = x - threshold;
    bool on = past > 0.0f;
    return {on ? (x > ceiling ? ceiling : x) : past * slope, on ? (x < ceiling ? 1.0f : 0.0f) : slope};
}
BENT(threshold, at_threshold(x[i], a, b, c))

__device__ static Point at_hardtanh(float x, float low, float high)
{
    return {x > high ? high : x < low ? low : x, x > low && x < high ? 1.0f : 0.0f};
}
BENT(hardtanh, at_hardtanh(x[i], a, b))

// s x above 0, s alpha (e^(inner x) - 1) elsewhere.
__device__ static Point bend(float x, float alpha, float inner, float s)
{
    float z = x * inner, size = s * alpha;
    return {x > 0.0f ? x * s : size * expm1f(z), x > 0.0f ? s : size * inner * expf(z)};
}
BENT(elu, bend(x[i], a, 1.0f, 1.0f))
BENT(selu, bend(x[i], 1.6732632423543772848f, 1.0f, 1.0507009873554804934f))
BENT(celu, bend(x[i], a, 1.0f / a, 1.0f))

__device__ static Point at_softplus(float x, float beta)
{
    float z = x * beta;
    return {(z > 0.0f ? x : 0.0f) + 1.0f / beta * log1pf(expf(z > 0.0f ? -z : z)), sigmoid_of(z)};
}
BENT(softplus, at_softplus(x[i], a))

// With e = e^-|x|: t = tanh(ln(1 + e^x)) = (1 + 2e) / (1 + 2e + 2e^2) for x > 0 and (e^2 + 2e) / (e^2 + 2e + 2) elsewhere.
__device__ static Point at_mish(float x)
{
    bool positive = x > 0.0f;
    float e = expf(positive ? -x : x), square = e * e;
    float rest = positive ? 2.0f * square : 2.0f, part = positive ? 1.0f + 2.0f * e : square + 2.0f * e, whole = part + rest;
    float t = part / whole, sigmoid = (positive ? 1.0f : e) / (1.0f + e);
    return {x * t, t + x * sigmoid * (rest / whole * (1.0f + t))};
}
ACTIVATION(mish)

__device__ static Point at_softsign(float x)
{
    float size = x > 0.0f ? x : -x;
    return {x / (1.0f + size), 1.0f / (1.0f + size * (2.0f + size))};
}
ACTIVATION(softsign)

// From |x| = 10 on the tanh is -1 or 1, so that powers of x need not grow further.
__device__ static Point at_gelu_tanh(float x)
{
    const float factor = 0.79788456080286535588f;
    float near = x > 10.0f ? 10.0f : x < -10.0f ? -10.0f : x, square = near * near;
    float t = tanhf(factor * (near * (1.0f + 0.044715f * square))), inner = factor * (1.0f + 3.0f * 0.044715f * square);
    float gate = 0.5f * (1.0f + t);
    return {x * gate, gate + 0.5f * near * ((1.0f - t * t) * inner)};
}
ACTIVATION(gelu_tanh)

// A slope below 0 for each channel of values [N, channels, plane], and f'(x) unless there is no place for it: a grid of planes.
KERNEL prelu_forward(const float* x, const float* slope, float* y, float* slopes, int channels, int plane)
{
    offset first = (offset)PLANE(plane) * plane;
    float low = slope[PLANE(plane) % channels];
    FOR_EACH_OF_PLANE(i, plane)
    {
        Point at = at_leaky_relu(x[first + i], low);
        y[first + i] = at.value;
        if (slopes != nullptr) { slopes[first + i] = at.slope; }
    }
}
