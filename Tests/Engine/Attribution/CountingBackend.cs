using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;

namespace Interp.Tests.Engine.Attribution;

/// <summary>The CPU, with a count of the sessions that were opened and of the memory that the open ones hold.</summary>
internal sealed class CountingBackend : IBackend
{
    private readonly CpuBackend _cpu = new(new CpuOptions { Threads = 1 });
    private readonly List<Session> _sessions = [];

    public int Opened => _sessions.Count;

    /// <summary>Bytes of the sessions that can still be used.</summary>
    public long Bytes => _sessions.Where(IsOpen).Sum(s => s.Bytes);

    public BackendInfo Info => _cpu.Info;

    public Session Open(Network network, SessionOptions options)
    {
        _sessions.Add(_cpu.Open(network, options));
        return _sessions[^1];
    }

    public void Dispose() => _cpu.Dispose();

    /// <summary>A session that was disposed of has no memory to run in.</summary>
    private static bool IsOpen(Session session)
    {
        try
        {
            session.Logits();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
