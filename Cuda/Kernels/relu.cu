// Rectifier. Bound by memory: forward 8 bytes a value, backward 12; 1.6 to 2.0 and 1.9 to 2.5 TB/s of an H100 SXM's 3.35.
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

// One kernel for each rule: r_in from R, the gradient from above, and y, the rectifier's output, which is positive where its input was. r_in may be R.
#define RELU_BACKWARD(rule, passes)                                                   \
    KERNEL relu_backward_##rule(const float* y, const float* R, float* r_in, offset n) \
    {                                                                                 \
        FOR_EACH(i, n)                                                                \
        {                                                                             \
            float r = R[i];                                                           \
            r_in[i] = (passes) ? r : 0.0f;                                            \
        }                                                                             \
    }

#define ACTIVE (y[i] > 0.0f)
RELU_BACKWARD(vanilla, ACTIVE)
RELU_BACKWARD(deconvnet, r > 0.0f)
RELU_BACKWARD(guided, ACTIVE && r > 0.0f)
RELU_BACKWARD(redirected, ACTIVE || r > 0.0f)

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
