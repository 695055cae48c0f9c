// What streams, events and graphs know of each other.
#pragma once
#include "emulator.h"

#include <deque>
#include <map>
#include <thread>

// Everything of a stream up to a number of works.
struct Place
{
    void* stream;
    long number;
};

struct Item
{
    emu::Work work;
    std::vector<Place> after;
};

struct Graph
{
    std::vector<emu::Work> works;
};

struct Recording
{
    Graph graph;
    int mode;
    std::thread::id thread;
    bool spoilt = false;
};

struct Stream
{
    bool blocking = false;
    std::deque<Item> waiting;
    long queued = 0, done = 0;
    std::shared_ptr<Recording> recording;
};

// Null for one that does not exist; 0 and 1 are the legacy default stream.
Stream* find_stream(void* handle);

// All streams that exist, the legacy one included.
std::map<void*, Stream>& streams();

// Queues without recording, behind everything in other streams that `after` says.
void put(void* handle, emu::Work work, std::vector<Place> after);

CUresult run_until(Place place);
