// Lets g++ compile kernel files: stands before their own preamble. Every kernel registers itself by name, with the sizes of its parameters.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <utility>
#include <vector>

#define INTERP_KERNEL_HOST
#define KERNEL extern "C" void
#define BARRIER_KERNEL extern "C" void
#define __device__
#define __global__
#define __launch_bounds__(threads)

// Apart from everything else, so that it can be poisoned before each block: a static array would keep what the block before left.
#define __shared__ static __attribute__((section("kernel_shared")))

struct Index
{
    unsigned x, y, z;
};

extern Index threadIdx, blockIdx, blockDim, gridDim;

void __syncthreads();
float exchange(float value, int partner);
inline float __shfl_xor_sync(unsigned, float value, int distance) { return exchange(value, (int)(threadIdx.x % 32) ^ distance); }
inline float __shfl_down_sync(unsigned, float value, int distance)
{
    return exchange(value, (int)(threadIdx.x % 32) + distance < 32 ? (int)(threadIdx.x % 32) + distance : (int)(threadIdx.x % 32));
}

struct alignas(16) float4
{
    float x, y, z, w;
};

inline float __int_as_float(int bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

inline int __float_as_int(float value)
{
    int bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

using std::floor;
using std::ceil;
inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
inline double cospi(double x) { return cos(M_PI * x); }

typedef void (*Invoke)(void** parameters);

struct HostKernel
{
    const char* name;
    bool barriers;
    Invoke invoke;
    std::vector<int> parameters;
    std::vector<bool> is_pointer;
};

std::vector<HostKernel>& host_kernels();

template <typename... A, size_t... I>
void call(void (*kernel)(A...), void** parameters, std::index_sequence<I...>)
{
    kernel(*(A*)parameters[I]...);
}

template <typename... A>
std::vector<int> sizes(void (*)(A...)) { return {(int)sizeof(A)...}; }

template <typename... A>
std::vector<bool> pointers(void (*)(A...)) { return {std::is_pointer_v<A>...}; }

template <auto kernel, typename... A>
void unpack(void (*)(A...), void** parameters) { call<A...>(kernel, parameters, std::index_sequence_for<A...>()); }

#define REGISTER(kernel, barriers)                                     \
    static const bool registered_##kernel = [] {                       \
        host_kernels().push_back({#kernel, barriers, [](void** p) { unpack<kernel>(kernel, p); }, sizes(kernel), pointers(kernel)}); \
        return true;                                                   \
    }();
