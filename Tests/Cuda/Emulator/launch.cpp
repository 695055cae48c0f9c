// Launches, and what the driver knows of functions.
#include "kernels.h"

namespace
{
constexpr unsigned MOST_THREADS = 1024, LAUNCH_BOUND = 256, SHARED_BYTES = 48 << 10;
constexpr unsigned MOST_BLOCKS[3] = {0x7FFFFFFF, 65535, 65535};
constexpr int PROCESSORS = 4, THREADS_OF_PROCESSOR = 2048;
std::vector<std::string> s_launches;

CUresult check(const HostKernel& kernel, const unsigned grid[3], const unsigned block[3], unsigned shared)
{
    for (int i = 0; i < 3; i++)
    {
        if (grid[i] == 0 || grid[i] > MOST_BLOCKS[i] || block[i] == 0) { return INVALID_VALUE; }
    }
    if (shared > SHARED_BYTES || (uint64_t)block[0] * block[1] * block[2] > MOST_THREADS) { return INVALID_VALUE; }
    if (block[1] > 1 || block[2] > 1)
    {
        emu::violation(std::string(kernel.name) + ": a block of more than one dimension, which the kernels do not have");
        return INVALID_VALUE;
    }
    return block[0] > LAUNCH_BOUND ? OUT_OF_RESOURCES : OK;
}

// Runs when the launch's turn comes, which is when its pointers are looked at.
CUresult run(void* function, const HostKernel& kernel, const unsigned grid[3], unsigned threads, std::vector<std::vector<char>> values)
{
    if (kernel_of(function) == nullptr)
    {
        emu::violation(std::string(kernel.name) + ": launched from a graph after its module was unloaded");
        return ILLEGAL_ADDRESS;
    }
    std::vector<void*> pointers;
    for (size_t i = 0; i < values.size(); i++)
    {
        pointers.push_back(values[i].data());
        CUdeviceptr address = kernel.is_pointer[i] ? *(CUdeviceptr*)values[i].data() : 0;
        if (address == 0 || emu::was_device(address)) { continue; }
        emu::violation(std::string(kernel.name) + ": parameter " + std::to_string(i) + " is " + emu::describe(address));
        return ILLEGAL_ADDRESS;
    }
    return run_kernel(kernel, grid, threads, pointers.data());
}
}

API CUresult cuFuncGetAttribute(int* value, int attribute, void* function)
{
    ENTER();
    if (kernel_of(function) == nullptr) { return INVALID_HANDLE; }
    if (value == nullptr || attribute < 0 || attribute > 15) { return INVALID_VALUE; }
    *value = attribute == 0 ? (int)LAUNCH_BOUND : attribute == 4 ? 32 : attribute == 8 ? (int)SHARED_BYTES : 0;
    return OK;
}

API CUresult cuFuncSetAttribute(void* function, int attribute, int value)
{
    ENTER();
    if (kernel_of(function) == nullptr) { return INVALID_HANDLE; }
    return attribute == 8 && value >= 0 && value <= (int)SHARED_BYTES ? OK : INVALID_VALUE;
}

API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* function, int block, size_t shared)
{
    ENTER();
    if (kernel_of(function) == nullptr) { return INVALID_HANDLE; }
    if (blocks == nullptr || block < 1 || shared > SHARED_BYTES) { return INVALID_VALUE; }
    *blocks = block > (int)LAUNCH_BOUND ? 0 : THREADS_OF_PROCESSOR / block;
    return OK;
}

API CUresult cuOccupancyMaxPotentialBlockSize(
    int* least_grid, int* block, void* function, size_t (*shared_of)(int), size_t shared, int limit)
{
    ENTER();
    if (kernel_of(function) == nullptr) { return INVALID_HANDLE; }
    if (least_grid == nullptr || block == nullptr || limit < 0) { return INVALID_VALUE; }
    *block = limit > 0 && limit < (int)LAUNCH_BOUND ? limit : (int)LAUNCH_BOUND;
    if ((shared_of != nullptr ? shared_of(*block) : shared) > SHARED_BYTES) { return INVALID_VALUE; }
    *least_grid = PROCESSORS * (THREADS_OF_PROCESSOR / *block);
    return OK;
}

API CUresult cuProfilerStart()
{
    ENTER();
    return OK;
}

API CUresult cuProfilerStop()
{
    ENTER();
    return OK;
}

API CUresult cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    void* stream, void** parameters, void** extra)
{
    ENTER();
    const HostKernel* kernel = kernel_of(function);
    if (kernel == nullptr) { return INVALID_HANDLE; }
    unsigned grid[] = {gx, gy, gz}, block[] = {bx, by, bz};
    if (extra != nullptr || (parameters == nullptr && !kernel->parameters.empty())) { return INVALID_VALUE; }
    if (CUresult wrong = check(*kernel, grid, block, shared)) { return wrong; }

    // Parameters are copied now, as a real launch does.
    std::vector<std::vector<char>> values;
    for (size_t i = 0; i < kernel->parameters.size(); i++)
    {
        if (parameters[i] == nullptr) { return INVALID_VALUE; }
        values.emplace_back((char*)parameters[i], (char*)parameters[i] + kernel->parameters[i]);
    }
    s_launches.push_back(kernel->name);
    return emu::enqueue(stream, [=, values = std::move(values)] {
        unsigned blocks[] = {gx, gy, gz};
        return run(function, *kernel, blocks, bx, values);
    });
}

// The names of all kernels launched since the last call, in order.
API int emu_launches(char* text, int length)
{
    std::lock_guard<std::recursive_mutex> hold(emu::lock());
    std::string all;
    for (auto& name : s_launches) { all += name + "\n"; }
    s_launches.clear();
    return emu::copy_text(all, text, length);
}
