// What cases of sanitised kernels are made of.
#pragma once
#include "kernels.h"

struct Grid
{
    unsigned x, y = 1, z = 1;
};

// Buffers of exactly so many elements, for the time of one case: values to read, or places of which each must be written.
float* values(long count);
int* numbers(long count, int below);
double* doubles(long count);
float* places(long count);

void launch_with(const char* kernel, Grid grid, std::vector<void*> arguments, std::vector<int> sizes);

// Launches blocks of 256 threads, unless the program leaves this kernel out, and looks at what was written.
template <typename... A>
void launch(const char* kernel, Grid grid, A... arguments)
{
    launch_with(kernel, grid, {&arguments...}, {(int)sizeof(A)...});
}

// Blocks of a grid of planes.
inline unsigned planes(long count, long length) { return (unsigned)(count * ((length + 2047) / 2048)); }

// All launches.
void all_cases();
