// Activation functions beside the rectifier: f(x), and f'(x) for the backward pass, which sloped_backward of relu.cu takes. Bound by memory, 8 bytes a value and 4 more
// for the slope, but for the sigmoid's exponential, tanh and the error function. The formulas are those of Engine/Functions.
#include "common.cuh"

// A value of a function and its slope there.
struct Point
{
    float value, slope;
};

__device__ static float sigmoid_of(float x) { return 1.0f / (1.0f + expf(-x)); }

// y = f(x), and f'(x) unless there is no place for it.
#define ACTIVATION(function)                                                            \
    KERNEL activation_##function(const float* x, float* y, float* slopes, offset n)     \
    {                                                                                   \
        FOR_EACH(i, n)                                                                  \
        {                                                                               \
            Point at = at_##function(x[i]);                                             \
            y[i] = at.value;                                                            \
            if (slopes != nullptr) { slopes[i] = at.slope; }                            \
        }                                                                               \
    }

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

__device__ static Point at_hardsigmoid(float x)
{
    const float sixth = (float)(1.0 / 6);
    float value = x * sixth + 0.5f;
    return {x > 3.0f ? 1.0f : value < 0.0f ? 0.0f : value, x > -3.0f && x < 3.0f ? sixth : 0.0f};
}
ACTIVATION(hardsigmoid)

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
