// Modules of PTX text, whose kernels run as g++ compiled them from the same source; names and parameter sizes must agree.
#include "kernels.h"

#include <cctype>
#include <map>

namespace
{
constexpr int INFO_LOG = 3, ERROR_LOG = 5;

struct Module
{
    std::map<std::string, std::vector<int>> entries;
    std::map<std::string, void*> functions;
};

std::map<void*, Module> s_modules;
std::map<void*, const HostKernel*> s_functions;
uintptr_t s_next_function = 0xF0000000;

// A word of PTX from a place on, which moves behind it; a directive's point is part of it.
std::string word(const std::string& text, size_t& at)
{
    while (at < text.size() && isspace((unsigned char)text[at])) { at++; }
    size_t start = at;
    while (at < text.size() && (isalnum((unsigned char)text[at]) || strchr("._$%", text[at]) != nullptr)) { at++; }
    return text.substr(start, at - start);
}

// The bytes of one parameter: .param .u64 .ptr .global .align 4 name, or .param .align 8 .b8 name[24]. 0 if it is none.
int parameter_bytes(const std::string& text)
{
    size_t at = 0;
    int bytes = 0;
    if (word(text, at) != ".param") { return 0; }
    for (std::string next = word(text, at); !next.empty(); next = word(text, at))
    {
        if (next == ".align") { word(text, at); }
        else if (next.size() > 2 && next[0] == '.' && strchr("usfb", next[1]) != nullptr && isdigit((unsigned char)next[2]))
        {
            bytes = atoi(&next[2]) / 8;
        }
    }
    return at < text.size() && text[at] == '[' ? bytes * atoi(&text[at + 1]) : bytes;
}

// Kernels and their parameters' sizes; false if the text is not what kernels look like.
bool parse(const std::string& ptx, std::map<std::string, std::vector<int>>& entries)
{
    for (size_t at = ptx.find(".entry"); at != std::string::npos; at = ptx.find(".entry", at))
    {
        at += strlen(".entry");
        std::string name = word(ptx, at);
        size_t open = ptx.find_first_not_of(" \t\r\n", at);
        if (name.empty() || open == std::string::npos) { return false; }
        auto& sizes = entries[name];
        if (ptx[open] != '(') { continue; } // No parameters.
        size_t close = ptx.find(')', open);
        if (close == std::string::npos) { return false; }
        for (size_t start = open + 1; ptx.find_first_not_of(" \t\r\n", start) < close;)
        {
            size_t end = std::min(ptx.find(',', start), close);
            sizes.push_back(parameter_bytes(ptx.substr(start, end - start)));
            if (sizes.back() == 0) { return false; }
            start = end + 1;
        }
        at = close;
    }
    return true;
}

// Writes what is wrong into the buffer that the caller gave for it.
CUresult refuse(CUresult error, const std::string& text, unsigned count, const int* options, void** values)
{
    void* buffer = nullptr;
    size_t size = 0;
    for (unsigned i = 0; i < count; i++)
    {
        if (options[i] == ERROR_LOG) { buffer = values[i]; }
        if (options[i] == ERROR_LOG + 1) { size = (unsigned)(uintptr_t)values[i]; }
    }
    if (buffer != nullptr && size > 0) { snprintf((char*)buffer, size, "%s", text.c_str()); }
    return error;
}
}

const HostKernel* kernel_of(void* function)
{
    auto found = s_functions.find(function);
    return found == s_functions.end() ? nullptr : found->second;
}

API CUresult cuModuleLoadDataEx(void** module, const void* image, unsigned count, int* options, void** values)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    if (module == nullptr || image == nullptr || (count > 0 && (options == nullptr || values == nullptr))) { return INVALID_VALUE; }
    if (memcmp(image, "\x7f" "ELF", 4) == 0) { return refuse(INVALID_IMAGE, "the emulated device takes PTX only", count, options, values); }
    std::string ptx((const char*)image);
    size_t version = ptx.find(".version "), target = ptx.find(".target ");
    if (version == std::string::npos || target == std::string::npos || target < version)
    {
        return refuse(INVALID_PTX, "ptxas fatal: .version and .target are missing", count, options, values);
    }
    if (atof(&ptx[version + 9]) > (EMULATED_CUDA == 11080 ? 7.8 : 9.0))
    {
        return refuse(UNSUPPORTED_PTX_VERSION, "ptxas fatal: unsupported .version", count, options, values);
    }
    if (ptx.compare(target, 11, ".target sm_") != 0 || atoi(&ptx[target + 11]) > 80)
    {
        return refuse(INVALID_PTX, "ptxas fatal: .target is not for sm_80", count, options, values);
    }
    std::map<std::string, std::vector<int>> entries;
    if (!parse(ptx, entries))
    {
        return refuse(INVALID_PTX, "ptxas fatal: parsing error in the parameters of an entry", count, options, values);
    }
    *module = emu::born("module");
    s_modules[*module].entries = std::move(entries);
    return OK;
}

API CUresult cuModuleUnload(void* module)
{
    ENTER();
    if (!emu::lives("module", module)) { return INVALID_HANDLE; }
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    CUresult done = emu::drain_all(); // A real device waits here, too.
    emu::dies("module", module);
    for (auto& [name, function] : s_modules[module].functions) { s_functions.erase(function); }
    s_modules.erase(module);
    return done;
}

API CUresult cuModuleGetFunction(void** function, void* module, const char* name)
{
    ENTER();
    if (function == nullptr || name == nullptr) { return INVALID_VALUE; }
    if (!emu::lives("module", module)) { return INVALID_HANDLE; }
    Module& from = s_modules[module];
    auto entry = from.entries.find(name);
    if (entry == from.entries.end()) { return NOT_FOUND; }
    for (const HostKernel& host : host_kernels())
    {
        if (entry->first != host.name) { continue; }
        if (entry->second != host.parameters)
        {
            emu::violation(std::string(name) + ": the PTX's parameters are not the source's");
            return INVALID_PTX;
        }
        void*& known = from.functions[name];
        if (known == nullptr) { s_functions[known = (void*)(s_next_function += 16)] = &host; }
        *function = known;
        return OK;
    }
    emu::violation(std::string(name) + ": in the PTX, but not in the sources");
    return NOT_FOUND;
}
