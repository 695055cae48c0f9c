// Calls, faults to inject, handles alive, findings, and what tests ask for.
#include "emulator.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <random>

namespace
{
struct Fault
{
    int after;
    int status;
};

std::map<std::string, long> s_calls;
std::map<std::string, Fault> s_faults;
std::map<void*, std::string> s_handles;
std::vector<std::string> s_violations;
bool s_initialized;
uintptr_t s_next_handle = 0x1000;
std::minstd_rand s_random;
}

namespace emu
{
int copy_text(const std::string& text, char* to, int length)
{
    if (to != nullptr && length > 0)
    {
        strncpy(to, text.c_str(), length - 1);
        to[length - 1] = 0;
    }
    return (int)text.size();
}

std::recursive_mutex& lock()
{
    static std::recursive_mutex mutex;
    return mutex;
}

int enter(const char* name, bool quiet, int (*translate)(CUresult))
{
    s_calls[name]++;
    auto fault = s_faults.find(name);
    if (fault != s_faults.end() && --fault->second.after <= 0)
    {
        int status = fault->second.status;
        s_faults.erase(fault);
        if (strcmp(name, "cuStreamEndCapture") == 0) { stop_recording(); }
        return status;
    }
    if (strcmp(name, "cuInit") == 0) { s_initialized = true; }
    CUresult result = !s_initialized ? NOT_INITIALIZED : quiet ? OK : !has_context() ? INVALID_CONTEXT : sticky();
    return result == OK || translate == nullptr ? result : translate(result);
}

void violation(const std::string& text)
{
    if (std::find(s_violations.begin(), s_violations.end(), text) == s_violations.end()) { s_violations.push_back(text); }
}

void* born(const char* kind)
{
    void* handle = (void*)(s_next_handle += 16);
    s_handles[handle] = kind;
    return handle;
}

bool dies(const char* kind, void* handle)
{
    if (!lives(kind, handle)) { return false; }
    s_handles.erase(handle);
    return true;
}

bool lives(const char* kind, void* handle)
{
    auto found = s_handles.find(handle);
    return found != s_handles.end() && found->second == kind;
}

std::string live(int* count)
{
    std::map<std::string, int> kinds;
    for (auto& [handle, kind] : s_handles) { kinds[kind]++; }
    std::string all = live_memory(count);
    for (auto& [kind, n] : kinds) { all += kind + " " + std::to_string(n) + "\n"; }
    *count += (int)s_handles.size();
    return all;
}

void forget_handles() { s_handles.clear(); }

unsigned chance(unsigned below) { return s_random() / 64 % below; }
void seed_chance(unsigned seed) { s_random.seed(seed + 1); }
}

// Forgets everything: faults, findings, counts, an illegal address, and what is still alive. The seed chooses among the orders that streams
// leave open, and what else is a library's free choice.
API void emu_reset(unsigned seed)
{
    std::lock_guard<std::recursive_mutex> hold(emu::lock());
    s_calls.clear();
    s_faults.clear();
    s_violations.clear();
    emu::seed_chance(seed);
    emu::forget_context();
}

// The n-th call from now on of an entry point of any of the libraries returns the status and does nothing.
API void emu_fail(const char* entry_point, int nth, int status)
{
    std::lock_guard<std::recursive_mutex> hold(emu::lock());
    s_faults[entry_point] = Fault{nth, status};
}

// How often each entry point was called, a line each.
API int emu_calls(char* text, int length)
{
    std::lock_guard<std::recursive_mutex> hold(emu::lock());
    std::string all;
    for (auto& [name, count] : s_calls) { all += name + " " + std::to_string(count) + "\n"; }
    return emu::copy_text(all, text, length);
}

// How many handles and allocations are alive, and of which kinds.
API int emu_live(char* text, int length)
{
    std::lock_guard<std::recursive_mutex> hold(emu::lock());
    int count;
    emu::copy_text(emu::live(&count), text, length);
    return count;
}

API int emu_violations(char* text, int length)
{
    std::lock_guard<std::recursive_mutex> hold(emu::lock());
    emu::check_canaries();
    std::string all;
    for (auto& one : s_violations) { all += one + "\n"; }
    emu::copy_text(all, text, length);
    return (int)s_violations.size();
}
