// Modules and the host's kernels, as loading, launching and running know them.
#pragma once
#include "emulator.h"
#include "kernel_host.h"

// The kernel of a function of a module that is loaded, or null.
const HostKernel* kernel_of(void* function);

// Runs every block of a kernel; findings about barriers go to emu::violation, and LAUNCH_FAILED comes back.
CUresult run_kernel(const HostKernel& kernel, const unsigned grid[3], unsigned threads, void** parameters);

// The kernel that runs.
extern const HostKernel* running;

// One block of a kernel whose threads meet.
void run_block(void** parameters, unsigned threads, bool reversed);
