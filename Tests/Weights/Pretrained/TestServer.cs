using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interp.Tests.Weights.Pretrained;

/// <summary>What the server saw of one request.</summary>
internal sealed record Seen(string Path, long? RangeStart, string? IfRange);

/// <summary>A web server on the loopback interface that answers with whatever bytes a test wants, one request a connection.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Seen, int, byte[]> _answer;
    private readonly Task _loop;

    /// <summary>Starts it.</summary>
    /// <param name="answer">The raw answer to the n-th request; the connection is closed after it.</param>
    internal TestServer(Func<Seen, int, byte[]> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(Serve);
    }

    internal List<Seen> Requests { get; } = [];

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/models/file.pth");

    public void Dispose()
    {
        _listener.Stop();
        _loop.Wait(5000);
        _listener.Dispose();
    }

    /// <summary>An answer with the given status line, headers and body.</summary>
    internal static byte[] Answer(string status, ReadOnlySpan<byte> body, params string[] headers) =>
        [.. Encoding.ASCII.GetBytes(string.Join("\r\n", [$"HTTP/1.1 {status}", "Connection: close", .. headers, "", ""])), .. body];

    private static string? After(string line, string start) =>
        line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..] : null;

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                string path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
                long? range = null;
                string? ifRange = null;
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    range = After(line, "Range: bytes=") is { } bytes ? long.Parse(bytes[..^1]) : range;
                    ifRange = After(line, "If-Range: ") ?? ifRange;
                }

                var seen = new Seen(path, range, ifRange);
                Requests.Add(seen);
                await client.GetStream().WriteAsync(_answer(seen, Requests.Count));
            }
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            // The test has stopped the server.
        }
    }
}
