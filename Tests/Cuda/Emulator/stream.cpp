// Streams, which do nothing until someone waits. What runs then, beside what must, is the seed's choice.
#include "stream.h"

namespace
{
void* const LEGACY = (void*)1;

// What a wait does with works of other streams that may run, too.
enum Order
{
    LATE,
    EARLY,
    MIXED
};

void* known(void* handle) { return handle == nullptr ? LEGACY : handle; }

bool is_done(const Place& place)
{
    const Stream* stream = find_stream(place.stream);
    return stream == nullptr || stream->done >= place.number;
}

const Place* missing(const Stream& stream)
{
    for (const Place& place : stream.waiting.front().after)
    {
        if (!is_done(place)) { return &place; }
    }
    return nullptr;
}

// The stream whose next work brings this one nearer to its next.
Stream& needed(Stream& stream)
{
    const Place* place = missing(stream);
    return place == nullptr ? stream : needed(*find_stream(place->stream));
}

Stream& choose(Stream& target, Order order)
{
    std::vector<Stream*> others;
    for (auto& [handle, stream] : streams())
    {
        if (&stream != &target && !stream.waiting.empty() && missing(stream) == nullptr) { others.push_back(&stream); }
    }
    bool other = !others.empty() && (order == EARLY || (order == MIXED && emu::chance(2) == 0));
    return other ? *others[emu::chance((unsigned)others.size())] : needed(target);
}

CUresult run_next(Stream& stream)
{
    emu::Work work = std::move(stream.waiting.front().work);
    stream.waiting.pop_front();
    CUresult result = emu::sticky() != OK ? emu::sticky() : work();
    stream.done++;
    return result == OK ? OK : emu::stick(result);
}
}

std::map<void*, Stream>& streams()
{
    static std::map<void*, Stream> all = {{LEGACY, Stream{}}};
    return all;
}

Stream* find_stream(void* handle)
{
    auto found = streams().find(known(handle));
    return found == streams().end() ? nullptr : &found->second;
}

void put(void* handle, emu::Work work, std::vector<Place> after)
{
    Stream& stream = *find_stream(handle);
    stream.waiting.push_back(Item{std::move(work), std::move(after)});
    stream.queued++;
}

CUresult run_until(Place place)
{
    Stream* target = find_stream(place.stream);
    Order order = (Order)emu::chance(3);
    CUresult first = OK;
    while (target != nullptr && target->done < place.number)
    {
        CUresult result = run_next(choose(*target, order));
        first = first == OK ? result : first;
    }
    return first;
}

namespace emu
{
bool is_stream(void* handle) { return find_stream(handle) != nullptr; }
bool is_recording(void* handle) { return find_stream(handle) != nullptr && find_stream(handle)->recording != nullptr; }

CUresult enqueue(void* handle, Work work)
{
    Stream* stream = find_stream(handle);
    if (stream == nullptr)
    {
        violation("work for a stream that does not exist");
        return INVALID_HANDLE;
    }
    if (stream->recording)
    {
        stream->recording->graph.works.push_back(std::move(work));
        return stream->recording->spoilt ? CAPTURE_INVALIDATED : OK;
    }
    std::vector<Place> after;
    if (known(handle) == LEGACY)
    {
        // Everything of all blocking streams comes before, and everything that they get later comes after.
        violation("work for the legacy default stream");
        for (auto& [other, blocking] : streams())
        {
            if (!blocking.blocking) { continue; }
            if (blocking.recording)
            {
                blocking.recording->spoilt = true;
                return CAPTURE_IMPLICIT;
            }
            after.push_back(Place{other, blocking.queued});
        }
    }
    else if (stream->blocking) { after.push_back(Place{LEGACY, streams()[LEGACY].queued}); }
    put(handle, std::move(work), std::move(after));
    return OK;
}

CUresult drain(void* handle) { return run_until(Place{known(handle), find_stream(handle)->queued}); }

CUresult drain_all()
{
    CUresult first = OK;
    for (auto stream = streams().rbegin(); stream != streams().rend(); ++stream)
    {
        CUresult result = drain(stream->first);
        first = first == OK ? result : first;
    }
    return first;
}

void forget_streams()
{
    streams().clear();
    streams()[LEGACY] = Stream{};
}
}

API CUresult cuStreamCreate(void** stream, unsigned flags)
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    if (stream == nullptr || flags > 1) { return INVALID_VALUE; }
    *stream = emu::born("stream");
    streams()[*stream].blocking = flags == 0;
    return OK;
}

API CUresult cuStreamDestroy_v2(void* stream)
{
    ENTER();
    if (!emu::lives("stream", stream)) { return INVALID_HANDLE; }
    CUresult result = emu::drain(stream);
    streams().erase(stream);
    emu::dies("stream", stream);
    return result;
}

API CUresult cuStreamSynchronize(void* handle)
{
    ENTER();
    Stream* stream = find_stream(handle);
    if (stream == nullptr) { return INVALID_HANDLE; }
    if (stream->recording)
    {
        stream->recording->spoilt = true;
        return CAPTURE_UNSUPPORTED;
    }
    return emu::recording_breaks() ? CAPTURE_UNSUPPORTED : emu::drain(handle);
}

API CUresult cuStreamQuery(void* handle)
{
    ENTER();
    Stream* stream = find_stream(handle);
    if (stream == nullptr) { return INVALID_HANDLE; }
    if (stream->recording)
    {
        stream->recording->spoilt = true;
        return CAPTURE_UNSUPPORTED;
    }
    if (stream->waiting.empty()) { return OK; }
    CUresult result = run_until(Place{handle, stream->done + 1}); // Whoever asks again and again comes to an end.
    return result == OK ? NOT_READY : result;
}

API CUresult cuCtxSynchronize()
{
    ENTER();
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    return emu::drain_all();
}
