// A block whose threads meet: a fiber for each thread. One warp runs to its barrier, then the next, so that what one warp must not see yet
// of another shows.
#include "kernels.h"

namespace
{
constexpr unsigned WARP = 32, MOST_THREADS = 256;
constexpr size_t STACK = 64 << 10;

enum State
{
    READY,
    AT_EXCHANGE,
    AT_BARRIER,
    DONE
};

struct Fiber
{
    void* stack_pointer;
    State state;
    float offered;
};

Fiber s_fibers[MOST_THREADS];
char* s_stacks;
void* s_scheduler;
unsigned s_current;
void** s_parameters;

// Saves what a function must keep, changes stacks, restores.
extern "C" void switch_stack(void** from, void* to);
asm(R"(
.text
.globl switch_stack
.hidden switch_stack
switch_stack:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");

void leave(State state)
{
    if (!running->barriers) { emu::abandon(std::string(running->name) + ": threads meet in a kernel that is not a BARRIER_KERNEL"); }
    s_fibers[s_current].state = state;
    switch_stack(&s_fibers[s_current].stack_pointer, s_scheduler);
}

void fiber_main()
{
    running->invoke(s_parameters);
    leave(DONE);
    __builtin_unreachable();
}

void start(unsigned thread)
{
    void** top = (void**)(s_stacks + (thread + 1) * STACK - 64);
    *--top = nullptr;
    *--top = (void*)fiber_main;
    for (int i = 0; i < 6; i++) { *--top = nullptr; }
    s_fibers[thread] = {top, READY, 0.0f};
}

void resume(unsigned thread)
{
    s_current = thread;
    threadIdx = {thread, 0, 0};
    switch_stack(&s_scheduler, s_fibers[thread].stack_pointer);
}

unsigned count(unsigned first, unsigned last, State state)
{
    unsigned n = 0;
    for (unsigned t = first; t < last; t++) { n += s_fibers[t].state == state; }
    return n;
}

// One warp until all of its threads wait at the barrier or are done.
void run_warp(unsigned first, unsigned last)
{
    while (true)
    {
        for (unsigned t = first; t < last; t++)
        {
            if (s_fibers[t].state == READY) { resume(t); }
        }
        unsigned exchanging = count(first, last, AT_EXCHANGE);
        if (exchanging == 0 && count(first, last, READY) == 0) { return; }
        if (exchanging == last - first)
        {
            for (unsigned t = first; t < last; t++) { s_fibers[t].state = READY; }
        }
        else if (exchanging > 0)
        {
            emu::abandon(std::string(running->name) + ": a shuffle that only a part of the warp reaches");
        }
    }
}

}

void run_block(void** parameters, unsigned threads, bool reversed)
{
    s_parameters = parameters;
    if (s_stacks == nullptr) { s_stacks = new char[MOST_THREADS * STACK]; }
    for (unsigned t = 0; t < threads; t++) { start(t); }
    unsigned warps = (threads + WARP - 1) / WARP;
    while (true)
    {
        for (unsigned w = 0; w < warps; w++)
        {
            unsigned warp = reversed ? warps - 1 - w : w, first = warp * WARP, last = first + WARP < threads ? first + WARP : threads;
            run_warp(first, last);
        }
        unsigned waiting = count(0, threads, AT_BARRIER);
        if (waiting == 0) { return; }
        if (waiting != threads)
        {
            emu::abandon(std::string(running->name) + ": divergent barrier: " + std::to_string(waiting) + " threads wait, "
                + std::to_string(threads - waiting) + " have left");
        }
        for (unsigned t = 0; t < threads; t++) { s_fibers[t].state = READY; }
    }
}

void __syncthreads() { leave(AT_BARRIER); }

float exchange(float value, int partner)
{
    s_fibers[s_current].offered = value;
    leave(AT_EXCHANGE);
    float got = s_fibers[s_current / WARP * WARP + partner].offered;
    leave(AT_EXCHANGE); // Nobody offers anew before all have taken.
    return got;
}
