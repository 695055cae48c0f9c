// Events: places in streams.
#include "stream.h"

#include <chrono>

namespace
{
constexpr unsigned DISABLE_TIMING = 2;

struct Event
{
    unsigned flags = 0;
    Place place = {nullptr, 0};
    bool recorded = false, in_graph = false;
    double time = -1;
};

std::map<void*, Event> s_events;

double now() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

bool passed(const Event& event)
{
    return find_stream(event.place.stream) == nullptr || find_stream(event.place.stream)->done >= event.place.number;
}

CUresult elapsed(float* milliseconds, void* start, void* end)
{
    if (milliseconds == nullptr) { return INVALID_VALUE; }
    if (!emu::lives("event", start) || !emu::lives("event", end)) { return INVALID_HANDLE; }
    Event a = s_events[start], b = s_events[end];
    if (((a.flags | b.flags) & DISABLE_TIMING) != 0 || !a.recorded || !b.recorded) { return INVALID_HANDLE; }
    if (!passed(a) || !passed(b)) { return NOT_READY; }
    *milliseconds = (float)(b.time - a.time);
    return OK;
}
}

API CUresult cuEventCreate(void** made, unsigned flags)
{
    ENTER();
    if (made == nullptr || flags > 3) { return INVALID_VALUE; }
    *made = emu::born("event");
    s_events[*made] = Event{flags};
    return OK;
}

API CUresult cuEventDestroy_v2(void* event)
{
    ENTER();
    s_events.erase(event);
    return emu::dies("event", event) ? OK : INVALID_HANDLE;
}

API CUresult cuEventRecord(void* handle, void* stream)
{
    ENTER();
    if (!emu::lives("event", handle) || !emu::is_stream(stream)) { return INVALID_HANDLE; }
    CUresult queued = emu::enqueue(stream, [handle] {
        if (emu::lives("event", handle)) { s_events[handle].time = now(); }
        return OK;
    });
    Event& event = s_events[handle];
    event.recorded = queued == OK;
    event.in_graph = emu::is_recording(stream);
    event.place = Place{stream, find_stream(stream)->queued};
    return queued;
}

API CUresult cuEventQuery(void* handle)
{
    ENTER();
    if (!emu::lives("event", handle)) { return INVALID_HANDLE; }
    if (s_events[handle].in_graph) { return CAPTURED_EVENT; }
    if (passed(s_events[handle])) { return OK; }
    CUresult result = run_until(s_events[handle].place); // Whoever asks again comes to an end.
    return result == OK ? NOT_READY : result;
}

API CUresult cuEventSynchronize(void* handle)
{
    ENTER();
    if (!emu::lives("event", handle)) { return INVALID_HANDLE; }
    if (s_events[handle].in_graph) { return CAPTURED_EVENT; }
    if (emu::recording_breaks()) { return CAPTURE_UNSUPPORTED; }
    return s_events[handle].recorded ? run_until(s_events[handle].place) : OK;
}

API CUresult cuStreamWaitEvent(void* handle, void* waited, unsigned flags)
{
    ENTER();
    Stream* stream = find_stream(handle);
    if (stream == nullptr || !emu::lives("event", waited)) { return INVALID_HANDLE; }
    if (flags > 1) { return INVALID_VALUE; }
    const Event& event = s_events[waited];
    if (!event.recorded || (event.in_graph && event.place.stream == handle)) { return OK; }
    if (event.in_graph)
    {
        emu::violation("a recording that goes on in a second stream is not emulated");
        return CAPTURE_UNSUPPORTED;
    }
    if (stream->recording)
    {
        stream->recording->spoilt = true;
        return CAPTURE_ISOLATION;
    }
    put(handle, [] { return OK; }, {event.place});
    return OK;
}

API CUresult cuEventElapsedTime(float* milliseconds, void* start, void* end)
{
    ENTER();
    return elapsed(milliseconds, start, end);
}

#if EMULATED_CUDA >= 12080
API CUresult cuEventElapsedTime_v2(float* milliseconds, void* start, void* end)
{
    ENTER();
    return elapsed(milliseconds, start, end);
}
#endif
