// An emulated CUDA device for tests: what its parts share. Real names and signatures, stricter than a real device, all work done late and
// on the host. Device addresses are host addresses inside guarded pages. One lock around every entry point; work runs on the thread that
// synchronises.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))
#define SHARED __attribute__((visibility("default")))

typedef int CUresult;
typedef int CUdevice;
typedef unsigned long long CUdeviceptr;

constexpr CUresult OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, NO_DEVICE = 100, INVALID_DEVICE = 101,
                   INVALID_IMAGE = 200, INVALID_CONTEXT = 201, INVALID_PTX = 218, UNSUPPORTED_PTX_VERSION = 222, INVALID_HANDLE = 400,
                   NOT_FOUND = 500, NOT_READY = 600, ILLEGAL_ADDRESS = 700, OUT_OF_RESOURCES = 701, LAUNCH_FAILED = 719;
constexpr CUresult CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901, CAPTURE_UNMATCHED = 903, CAPTURE_ISOLATION = 905,
                   CAPTURE_IMPLICIT = 906, CAPTURED_EVENT = 907, CAPTURE_WRONG_THREAD = 908;

namespace emu
{
typedef std::function<CUresult()> Work;

// One call at a time.
SHARED std::recursive_mutex& lock();

// Counts a call and says what it has to fail with: an injected fault as it stands; an earlier illegal address or a missing context, as
// `translate` puts it into the library's own numbers. `quiet` calls need no context.
SHARED int enter(const char* name, bool quiet = false, int (*translate)(CUresult) = nullptr);

// Whether [address, address + bytes) lies in one live device allocation.
SHARED bool in_device(CUdeviceptr address, size_t bytes);

// Whether an address ever was one of the device's, live or freed, or is the end of a live allocation.
bool was_device(CUdeviceptr address);

// What lies at an address, in words.
std::string describe(CUdeviceptr address);

// Whether it lies in one live page-locked allocation.
bool in_pinned(const void* address, size_t bytes);

// Held by work that will use a page-locked allocation; the allocation must not be freed before.
typedef std::shared_ptr<int> Use;
Use use_pinned(const void* address);

// Puts work into a stream, or into the graph that is being recorded from it.
SHARED CUresult enqueue(void* stream, Work work);

SHARED bool is_stream(void* stream);
bool is_recording(void* stream);

// Whether a recording forbids what would wait or allocate on this thread; the recording is spoilt by it.
SHARED bool recording_breaks();

// Ends all recording: what a failed end of recording does, too.
void stop_recording();

// Runs everything of a stream, or of all streams for null, and as much of the others as it depends on or the seed says.
CUresult drain_all();
CUresult drain(void* stream);

// Remembers a finding that no return code shows.
SHARED void violation(const std::string& text);

// A handle that must be destroyed before the context is released.
SHARED void* born(const char* kind);
SHARED bool dies(const char* kind, void* handle);
SHARED bool lives(const char* kind, void* handle);

// Runs kernel code; a fault ends in ILLEGAL_ADDRESS, for all later calls too.
SHARED CUresult guarded(const std::function<void()>& code);

// Ends what runs in `guarded` with a finding and LAUNCH_FAILED.
[[noreturn]] void abandon(const std::string& text);

// The error that all later calls end in, if there is one.
CUresult sticky();
CUresult stick(CUresult error);

// 0xFF throughout: NaN as floats, -1 as integers; of a large block its first and last half megabyte, for touching all of it would be most
// of a test's time.
SHARED void poison(void* address, size_t bytes);

// A number below a bound, from the seed of the reset.
SHARED unsigned chance(unsigned below);
void seed_chance(unsigned seed);

// Checks the bytes behind every allocation.
void check_canaries();

// As much of a text as fits; the whole length comes back.
int copy_text(const std::string& text, char* to, int length);

// What is alive, a kind a line, and how many.
std::string live(int* count);
std::string live_memory(int* count);

// Forgets what a failed test, or a context that is gone, left.
void forget_handles();
void forget_memory();
void forget_streams();
void forget_context();
bool has_context();
}

#define ENTER(...)                                            \
    std::lock_guard<std::recursive_mutex> hold(emu::lock());  \
    if (int entered = emu::enter(__func__ __VA_OPT__(,) __VA_ARGS__)) { return entered; }
