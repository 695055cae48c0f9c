// Gaussian noise and running moments for averages over noisy images. The noise is bound by arithmetic in float64 (ten rounds of Philox, a logarithm, a root
// and a cosine a value), the moments by memory: 4 bytes a sample's value and 32 a value. One image takes an H100 SXM 6 and 4 us, the launch included.
#include "common.cuh"

// Two words and the next two of the 128 random bits at an index. J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011: Philox4x32-10.
__device__ static void philox(u64 seed, u64 stream, u64 index, u32 words[4])
{
    u32 a = (u32)index, b = (u32)(index >> 32), c = (u32)stream, d = (u32)(stream >> 32), k0 = (u32)seed, k1 = (u32)(seed >> 32);
    for (int round = 0; round < 10; round++)
    {
        u64 p0 = 0xD2511F53ull * a, p1 = 0xCD9E8D57ull * c;
        a = (u32)(p1 >> 32) ^ b ^ k0;
        b = (u32)p1;
        c = (u32)(p0 >> 32) ^ d ^ k1;
        d = (u32)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    words[0] = a;
    words[1] = b;
    words[2] = c;
    words[3] = d;
}

// Uniform in [0,1) with 53 random bits.
__device__ static double unit(u32 high, u32 low) { return (double)((((u64)high << 32) | low) >> 11) * (1.0 / 9007199254740992.0); }

// noisy = x + sigma e with standard normal e, by the transform of G. Box and M. Muller (1958) in float64: the same numbers as on the CPU, but for the last bit of
// its logarithm, root and cosine. blockIdx.y is the sample, whose sequence is stream + y * stream_step.
KERNEL add_noise(const float* x, float* noisy, double sigma, u64 seed, u64 stream, u64 stream_step, offset n)
{
    FOR_EACH(i, n)
    {
        u32 words[4];
        philox(seed, stream + blockIdx.y * stream_step, (u64)i, words);
        double e = sqrt(-2.0 * log(1.0 - unit(words[0], words[1]))) * cospi(2.0 * unit(words[2], words[3]));
        noisy[blockIdx.y * n + i] = (float)(x[i] + sigma * e);
    }
}

// Mean and sum of squared distances from it, in float64, of values that come in rows of samples; `before` samples are in them already.
// B. P. Welford, Technometrics 4 (1962).
KERNEL add_moments(const double* samples, double* mean, double* squares, int rows, int before, offset n)
{
    FOR_EACH(i, n)
    {
        double m = before > 0 ? mean[i] : 0.0, s = before > 0 ? squares[i] : 0.0;
        for (int row = 0; row < rows; row++)
        {
            double value = samples[row * n + i], distance = value - m;
            m += distance / (double)(before + row + 1);
            s += distance * (value - m);
        }
        mean[i] = m;
        squares[i] = s;
    }
}
