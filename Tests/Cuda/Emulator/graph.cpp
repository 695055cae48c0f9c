// Recording a stream's work into graphs, and launching these.
#include "stream.h"

namespace
{
enum Mode
{
    GLOBAL,
    THREAD_LOCAL,
    RELAXED
};

std::map<void*, std::shared_ptr<Graph>> s_graphs;
std::map<void*, std::shared_ptr<Graph>> s_executables;
}

namespace emu
{
bool recording_breaks()
{
    bool any = false;
    for (auto& [handle, stream] : streams())
    {
        if (!stream.recording || stream.recording->mode == RELAXED) { continue; }
        if (stream.recording->mode == THREAD_LOCAL && stream.recording->thread != std::this_thread::get_id()) { continue; }
        stream.recording->spoilt = true;
        any = true;
    }
    return any;
}

void stop_recording()
{
    for (auto& [handle, stream] : streams()) { stream.recording = nullptr; }
}
}

API CUresult cuStreamBeginCapture_v2(void* handle, int mode)
{
    ENTER();
    if (!emu::is_stream(handle)) { return INVALID_HANDLE; }
    if (mode < GLOBAL || mode > RELAXED) { return INVALID_VALUE; }
    if (!emu::lives("stream", handle)) { return CAPTURE_UNSUPPORTED; } // The legacy default stream.
    Stream& stream = *find_stream(handle);
    if (stream.recording) { return CAPTURE_UNMATCHED; }
    stream.recording = std::make_shared<Recording>(Recording{{}, mode, std::this_thread::get_id()});
    return OK;
}

API CUresult cuStreamIsCapturing(void* handle, int* status)
{
    ENTER();
    Stream* stream = find_stream(handle);
    if (stream == nullptr || status == nullptr) { return INVALID_VALUE; }
    *status = !stream->recording ? 0 : stream->recording->spoilt ? 2 : 1;
    return OK;
}

API CUresult cuStreamEndCapture(void* handle, void** graph)
{
    ENTER();
    Stream* stream = find_stream(handle);
    if (graph == nullptr) { return INVALID_VALUE; }
    *graph = nullptr;
    if (stream == nullptr || !stream->recording) { return CAPTURE_UNMATCHED; }
    if (stream->recording->mode != RELAXED && stream->recording->thread != std::this_thread::get_id()) { return CAPTURE_WRONG_THREAD; }
    std::shared_ptr<Recording> recorded = std::move(stream->recording);
    stream->recording = nullptr;
    if (recorded->spoilt) { return CAPTURE_INVALIDATED; }
    *graph = emu::born("graph");
    s_graphs[*graph] = std::make_shared<Graph>(std::move(recorded->graph));
    return OK;
}

API CUresult cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long flags)
{
    ENTER();
    if (executable == nullptr || !emu::lives("graph", graph) || flags > 15) { return INVALID_VALUE; }
    *executable = emu::born("executable graph");
    s_executables[*executable] = s_graphs[graph];
    return OK;
}

API CUresult cuGraphDestroy(void* graph)
{
    ENTER();
    s_graphs.erase(graph);
    return emu::dies("graph", graph) ? OK : INVALID_VALUE;
}

API CUresult cuGraphExecDestroy(void* executable)
{
    ENTER();
    s_executables.erase(executable);
    return emu::dies("executable graph", executable) ? OK : INVALID_VALUE;
}

API CUresult cuGraphUpload(void* executable, void* stream)
{
    ENTER();
    return emu::lives("executable graph", executable) && emu::is_stream(stream) ? OK : INVALID_VALUE;
}

API CUresult cuGraphLaunch(void* executable, void* stream)
{
    ENTER();
    if (!emu::lives("executable graph", executable)) { return INVALID_VALUE; }
    std::shared_ptr<Graph> graph = s_executables[executable];
    return emu::enqueue(stream, [graph] {
        for (auto& work : graph->works)
        {
            CUresult result = work();
            if (result != OK) { return result; }
        }
        return OK;
    });
}
