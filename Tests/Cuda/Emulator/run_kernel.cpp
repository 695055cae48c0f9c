// Blocks of a kernel on the host. A kernel without barriers is a loop over threads. Of one with barriers every second block runs its warps
// in reverse order.
#include "kernels.h"

Index threadIdx, blockIdx, blockDim, gridDim;
const HostKernel* running;

extern char __start_kernel_shared[] __attribute__((weak));
extern char __stop_kernel_shared[] __attribute__((weak));

std::vector<HostKernel>& host_kernels()
{
    static std::vector<HostKernel> kernels;
    return kernels;
}

CUresult run_kernel(const HostKernel& kernel, const unsigned grid[3], unsigned threads, void** parameters)
{
    bool reversed = false;
    running = &kernel;
    return emu::guarded([&] {
        blockDim = {threads, 1, 1};
        gridDim = {grid[0], grid[1], grid[2]};
        unsigned &x = blockIdx.x, &y = blockIdx.y, &z = blockIdx.z;
        for (z = 0; z < grid[2]; z++)
        {
            for (y = 0; y < grid[1]; y++)
            {
                for (x = 0; x < grid[0]; x++)
                {
                    if (kernel.barriers)
                    {
                        memset(__start_kernel_shared, 0xFF, __stop_kernel_shared - __start_kernel_shared);
                        run_block(parameters, threads, reversed);
                        reversed = !reversed;
                        continue;
                    }
                    for (unsigned t = 0; t < threads; t++)
                    {
                        threadIdx = {t, 0, 0};
                        kernel.invoke(parameters);
                    }
                }
            }
        }
    });
}
