// Device memory in guarded pages, right-aligned as far as 256 bytes allow, poisoned, and unmapped when freed; page-locked host memory.
#include "emulator.h"

#include <cstring>
#include <map>
#include <memory>
#include <sys/mman.h>

namespace
{
constexpr size_t PAGE = 4096, ALIGNMENT = 256;
constexpr unsigned char CANARY = 0xA5;

struct Block
{
    char* pages;
    size_t mapped;
    size_t bytes;
};

struct Pinned
{
    size_t bytes;
    emu::Use use = std::make_shared<int>();
};

std::map<CUdeviceptr, Block> s_device, s_freed;
std::map<char*, Pinned> s_pinned;
size_t s_limit = (size_t)16 << 30;
size_t s_used;

size_t up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

bool canary_holds(CUdeviceptr address, const Block& block)
{
    const unsigned char* behind = (const unsigned char*)address;
    for (size_t i = block.bytes; i < up(block.bytes, ALIGNMENT); i++)
    {
        if (behind[i] != CANARY) { return false; }
    }
    return true;
}

void check_canary(CUdeviceptr address, const Block& block)
{
    if (!canary_holds(address, block))
    {
        emu::violation("written behind the end of an allocation of " + std::to_string(block.bytes) + " bytes");
    }
}

// The addresses stay taken, so that nothing else comes to lie there.
void retire(void* pages, size_t mapped)
{
    madvise(pages, mapped, MADV_DONTNEED);
    mprotect(pages, mapped, PROT_NONE);
}

// The last block that begins at or before an address.
template <typename Map, typename Key>
auto before(Map& blocks, Key address)
{
    auto block = blocks.upper_bound(address);
    return block == blocks.begin() ? blocks.end() : --block;
}

// Whether an address is in the pages of a block, those that guard it included.
bool in_pages(const Block& block, CUdeviceptr address)
{
    return (char*)address >= block.pages && (char*)address < block.pages + block.mapped;
}

const Block* at(std::map<CUdeviceptr, Block>& blocks, CUdeviceptr address)
{
    auto block = before(blocks, address);
    if (block != blocks.end() && in_pages(block->second, address)) { return &block->second; }
    block = blocks.upper_bound(address);
    return block != blocks.end() && in_pages(block->second, address) ? &block->second : nullptr;
}
}

namespace emu
{
bool in_device(CUdeviceptr address, size_t bytes)
{
    auto block = before(s_device, address);
    if (block == s_device.end()) { return false; }
    size_t offset = address - block->first;
    return offset <= block->second.bytes && bytes <= block->second.bytes - offset;
}

bool was_device(CUdeviceptr address) { return in_device(address, 0) || at(s_freed, address) != nullptr; }

std::string describe(CUdeviceptr address)
{
    if (const Block* block = at(s_device, address))
    {
        CUdeviceptr start = (CUdeviceptr)block->pages + block->mapped - PAGE - up(block->bytes, ALIGNMENT);
        long offset = (long)(address - start);
        return "byte " + std::to_string(offset) + " of an allocation of " + std::to_string(block->bytes) + " bytes";
    }
    if (const Block* block = at(s_freed, address)) { return "an allocation of " + std::to_string(block->bytes) + " bytes that is freed"; }
    return address < PAGE ? "a null pointer" : "an address that is not the device's";
}

bool in_pinned(const void* address, size_t bytes)
{
    auto block = before(s_pinned, (char*)address);
    return block != s_pinned.end() && (char*)address + bytes <= block->first + block->second.bytes;
}

Use use_pinned(const void* address) { return before(s_pinned, (char*)address)->second.use; }

void forget_memory()
{
    for (auto& [address, block] : s_device)
    {
        retire(block.pages, block.mapped);
        s_freed[address] = block;
    }
    for (auto& [pages, pinned] : s_pinned) { retire(pages, up(pinned.bytes, PAGE)); }
    s_device.clear();
    s_pinned.clear();
    s_used = 0;
}

void check_canaries()
{
    for (auto& [address, block] : s_device) { check_canary(address, block); }
}

std::string live_memory(int* count)
{
    *count = (int)(s_device.size() + s_pinned.size());
    std::string all;
    if (!s_device.empty()) { all += "device memory " + std::to_string(s_device.size()) + "\n"; }
    if (!s_pinned.empty()) { all += "page-locked memory " + std::to_string(s_pinned.size()) + "\n"; }
    return all;
}

void poison(void* address, size_t bytes)
{
    constexpr size_t END = 512 << 10;
    if (bytes < 2 * END)
    {
        memset(address, 0xFF, bytes);
        return;
    }
    memset(address, 0xFF, END);
    memset((char*)address + bytes - END, 0xFF, END);
}
}

// From now on so many bytes are all that the device has.
API void emu_memory_limit(size_t bytes) { s_limit = bytes; }

API CUresult cuMemGetInfo_v2(size_t* free, size_t* total)
{
    ENTER();
    if (free == nullptr || total == nullptr) { return INVALID_VALUE; }
    *free = s_limit > s_used ? s_limit - s_used : 0;
    *total = s_limit;
    return OK;
}

API CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    if (address == nullptr || bytes == 0) { return INVALID_VALUE; }
    if (s_used > s_limit || bytes > s_limit - s_used) { return OUT_OF_MEMORY; }
    size_t padded = up(bytes, ALIGNMENT), inside = up(padded, PAGE);
    char* pages = (char*)mmap(nullptr, inside + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED || mprotect(pages + PAGE, inside, PROT_READ | PROT_WRITE) != 0) { return OUT_OF_MEMORY; }
    char* start = pages + PAGE + inside - padded;
    emu::poison(start, bytes);
    memset(start + bytes, CANARY, padded - bytes);
    *address = (CUdeviceptr)start;
    s_device[*address] = Block{pages, inside + 2 * PAGE, bytes};
    s_used += bytes;
    return OK;
}

API CUresult cuMemFree_v2(CUdeviceptr address)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    auto block = s_device.find(address);
    if (block == s_device.end()) { return INVALID_VALUE; }
    CUresult done = emu::drain_all(); // A real device waits here, too.
    check_canary(address, block->second);
    s_used -= block->second.bytes;
    retire(block->second.pages, block->second.mapped);
    s_freed[address] = block->second;
    s_device.erase(block);
    return done;
}

API CUresult cuMemHostAlloc(void** address, size_t bytes, unsigned flags)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    if (address == nullptr || bytes == 0 || flags > 7) { return INVALID_VALUE; }
    char* pages = (char*)mmap(nullptr, up(bytes, PAGE), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) { return OUT_OF_MEMORY; }
    emu::poison(pages, bytes);
    s_pinned[pages] = Pinned{bytes};
    *address = pages;
    return OK;
}

API CUresult cuMemFreeHost(void* address)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    auto block = s_pinned.find((char*)address);
    if (block == s_pinned.end()) { return INVALID_VALUE; }
    if (block->second.use.use_count() > 1) { emu::violation("page-locked memory was freed while a copy that uses it waits"); }
    CUresult done = emu::drain_all(); // A real device waits here, too.
    retire(address, up(block->second.bytes, PAGE));
    s_pinned.erase(block);
    return done;
}
