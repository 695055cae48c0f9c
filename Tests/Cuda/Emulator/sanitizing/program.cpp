// Runs the cases of kernels without an emulated device: findings end the program.
#include "program.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>

namespace
{
std::vector<std::shared_ptr<void>> s_buffers;
std::vector<std::pair<float*, long>> s_places;
std::set<std::string> s_wanted, s_run;
uint32_t s_random = 1;

template <typename T>
T* buffer(long count)
{
    std::shared_ptr<void> memory(malloc(count * sizeof(T)), free);
    s_buffers.push_back(memory);
    memset(memory.get(), 0xFF, count * sizeof(T));
    return (T*)memory.get();
}

// In [-1, 1).
double random_value()
{
    s_random = s_random * 1664525u + 1013904223u;
    return (double)(int32_t)s_random / 2147483648.0;
}

template <typename T>
T* random_values(long count)
{
    T* all = buffer<T>(count);
    for (long i = 0; i < count; i++) { all[i] = (T)random_value(); }
    return all;
}

[[noreturn]] void fail(const std::string& text)
{
    fprintf(stderr, "%s\n", text.c_str());
    _Exit(1);
}
}

// What kernels need of an emulated device.
namespace emu
{
void abandon(const std::string& text) { fail(text); }

CUresult guarded(const std::function<void()>& code)
{
    code();
    return OK;
}
}

float* values(long count) { return random_values<float>(count); }
double* doubles(long count) { return random_values<double>(count); }

int* numbers(long count, int below)
{
    int* all = buffer<int>(count);
    for (long i = 0; i < count; i++) { all[i] = (int)((random_value() + 1.0) / 2.0 * below); }
    return all;
}

float* places(long count)
{
    float* all = buffer<float>(count);
    s_places.push_back({all, count});
    return all;
}

void launch_with(const char* kernel, Grid grid, std::vector<void*> arguments, std::vector<int> sizes)
{
    const HostKernel* found = nullptr;
    for (const HostKernel& host : host_kernels()) { found = strcmp(host.name, kernel) == 0 ? &host : found; }
    if (found != nullptr && (s_wanted.empty() || s_wanted.count(kernel) > 0))
    {
        if (found->parameters != sizes) { fail(std::string(kernel) + ": the case's arguments are not the kernel's"); }
        const unsigned blocks[] = {grid.x, grid.y, grid.z};
        run_kernel(*found, blocks, 256, arguments.data());
        for (auto& [all, count] : s_places)
        {
            for (long i = 0; i < count; i++)
            {
                uint32_t bits;
                memcpy(&bits, &all[i], 4);
                if (bits == 0xFFFFFFFFu)
                {
                    fail(std::string(kernel) + ": place " + std::to_string(i) + " of " + std::to_string(count) + " was not written");
                }
            }
        }
        s_run.insert(kernel);
    }
    s_buffers.clear();
    s_places.clear();
}

int main(int count, char** arguments)
{
    s_wanted.insert(arguments + 1, arguments + count);
    all_cases();
    for (const HostKernel& host : host_kernels())
    {
        if ((s_wanted.empty() || s_wanted.count(host.name) > 0) && s_run.count(host.name) == 0)
        {
            fail(std::string(host.name) + ": no case");
        }
    }
    printf("%zu kernels\n", s_run.size());
}
