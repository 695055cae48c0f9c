// Rectifier, and the rules of its backward pass. Bound by memory: forward 8 bytes a value, backward 12; 1.6 to 2.0 and 1.9 to 2.5 TB/s of an H100 SXM's 3.35.
#include "common.cuh"

// y = max(x, 0); y may be x.
KERNEL relu_forward(const float* x, float* y, offset n)
{
    FOR_EACH(i, n) { y[i] = rectified(x[i]); }
}

// The bias of each channel added to values [N, channels, plane], in place: a grid of planes.
KERNEL bias_forward(float* y, const float* bias, int channels, int plane)
{
    float* values = y + (offset)PLANE(plane) * plane;
    float b = bias[PLANE(plane) % channels];
    FOR_EACH_OF_PLANE(i, plane) { values[i] += b; }
}

// The bias added and then rectified, in place: a grid of planes.
KERNEL bias_relu_forward(float* y, const float* bias, int channels, int plane)
{
    float* values = y + (offset)PLANE(plane) * plane;
    float b = bias[PLANE(plane) % channels];
    FOR_EACH_OF_PLANE(i, plane) { values[i] = rectified(values[i] + b); }
}

// A rule, once: whether it lets R = r through at a unit that is active or not. Two kernels for each, whose r_in may be R, the gradient from above. relu_backward: y is
// the rectifier's output, which is positive where its input was. sloped_backward, for an activation of slopes f'(x): r_in = N + f'(x) (A - N), where A is what the rule
// makes of R at an active unit and N at a silent one.
#define RULE(rule, passes)                                                                     \
    __device__ static float rule(bool active, float r) { return (passes) ? r : 0.0f; }         \
    KERNEL relu_backward_##rule(const float* y, const float* R, float* r_in, offset n)         \
    {                                                                                          \
        FOR_EACH(i, n) { r_in[i] = rule(y[i] > 0.0f, R[i]); }                                  \
    }                                                                                          \
    KERNEL sloped_backward_##rule(const float* slopes, const float* R, float* r_in, offset n)  \
    {                                                                                          \
        FOR_EACH(i, n)                                                                         \
        {                                                                                      \
            float silent = rule(false, R[i]);                                                  \
            r_in[i] = silent + slopes[i] * (rule(true, R[i]) - silent);                        \
        }                                                                                      \
    }

RULE(vanilla, active)
RULE(deconvnet, r > 0.0f)
RULE(guided, active && r > 0.0f)
RULE(redirected, active || r > 0.0f)

// The bias of each feature added to rows [N, features], in place; n values in all.
KERNEL bias_rows(float* y, const float* bias, int features, offset n)
{
    FOR_EACH(i, n) { y[i] += bias[i % features]; }
}

// The bias added to rows and then rectified, in place.
KERNEL bias_relu_rows(float* y, const float* bias, int features, offset n)
{
    FOR_EACH(i, n) { y[i] = rectified(y[i] + bias[i % features]); }
}
