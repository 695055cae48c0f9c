using System.Net;
using System.Net.Http.Headers;
using Interp.Engine.Common;

namespace Interp.Weights.Pretrained;

/// <summary>One file from the web, with resume, retries, and a check of its hash before it gets its name.</summary>
/// <param name="address">Where it lies.</param>
/// <param name="path">Where it goes.</param>
/// <param name="hashPrefix">The lower-case hexadecimal digits with which its SHA-256 must start.</param>
internal sealed class Download(Uri address, string path, string hashPrefix)
{
    private const int Attempts = 4;
    private const long MaxBytes = 8L << 30;
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);
    private readonly string _part = path + ".part";
    private readonly byte[] _buffer = new byte[1 << 17];
    private EntityTagHeaderValue? _tag;

    /// <summary>Half the pause before the second attempt; it doubles with each that follows.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>What to do without the network, for messages.</summary>
    private string ByHand => $"download {address} by hand and use option 'from' FILE";

    /// <summary>Fetches the file unless it is there already.</summary>
    /// <exception cref="InputException">The server cannot be reached, or what it sends is not the file.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    internal void Run(Action<long, long>? progress, CancellationToken cancel)
    {
        try
        {
            if (File.Exists(path) && Matches(path, cancel))
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Receive(progress, cancel).GetAwaiter().GetResult();
            if (!Matches(_part, cancel))
            {
                File.Delete(_part);
                throw new InputException(
                    $"{address}: the file's SHA-256 does not start with {hashPrefix}, so it was deleted; try again, or {ByHand}");
            }

            File.Move(_part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{path}: cannot be written: {Text.OneLine(e.Message)}", e);
        }
    }

    private async Task Receive(Action<long, long>? progress, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = Stall / 2 };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        Exception? last = null;
        long furthest = PartLength();
        for (int failures = 0; failures < Attempts;)
        {
            try
            {
                if (await Attempt(client, progress, cancel).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or OperationCanceledException)
            {
                last = e;
            }

            // An attempt that brought the transfer on costs nothing: only standing still ends it.
            failures = PartLength() > furthest ? 0 : failures + 1;
            furthest = Math.Max(furthest, PartLength());
            if (failures is > 0 and < Attempts)
            {
                await Task.Delay(RetryDelay * (1 << failures), cancel).ConfigureAwait(false);
            }
        }

        cancel.ThrowIfCancellationRequested();
        string why = last is OperationCanceledException
            ? $"no answer for {Stall.TotalSeconds} s"
            : Text.OneLine(last?.Message ?? "the transfer ends early");
        throw new InputException(PartLength() > 0
            ? $"{address}: interrupted after {PartLength()} bytes ({why}); run again to go on from there, or {ByHand}"
            : $"cannot reach {address} ({why}); {ByHand}", last);
    }

    /// <summary>One request and its answer. False: the part on disk was of no use and is gone, so ask again.</summary>
    private async Task<bool> Attempt(HttpClient client, Action<long, long>? progress, CancellationToken cancel)
    {
        long have = PartLength();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = _tag is { IsWeak: false } ? new RangeConditionHeaderValue(_tag) : null;
        }

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stall.CancelAfter(Stall);
        using HttpResponseMessage response =
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        _tag = response.Headers.ETag ?? _tag;
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                await Store(response, 0, response.Content.Headers.ContentLength, progress, stall).ConfigureAwait(false);
                return true;
            case HttpStatusCode.PartialContent when have > 0 && range?.From == have:
                await Store(response, have, range.Length, progress, stall).ConfigureAwait(false);
                return true;
            case HttpStatusCode.RequestedRangeNotSatisfiable when have > 0 && range?.Length == have:
                return true;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable when have > 0:
                File.Delete(_part);
                return false;
            case >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests:
                throw new HttpRequestException($"the server answers {(int)response.StatusCode} {response.ReasonPhrase}");
            default:
                throw new InputException(
                    $"{address}: the server answers {(int)response.StatusCode} {Text.OneLine(response.ReasonPhrase ?? "")}; {ByHand}");
        }
    }

    private async Task Store(
        HttpResponseMessage response, long start, long? total, Action<long, long>? progress, CancellationTokenSource stall)
    {
        Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        FileMode mode = start == 0 ? FileMode.Create : FileMode.Open;
        await using var file = new FileStream(_part, mode, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Position = start;
        while (true)
        {
            stall.CancelAfter(Stall);
            int read = await Read(body, stall.Token).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            file.Write(_buffer, 0, read);
            progress?.Invoke(file.Position, total ?? 0);
            if (file.Position > MaxBytes)
            {
                throw new InputException($"{address}: more than {MaxBytes} bytes, which is no weight file; {ByHand}");
            }
        }

        if (file.Position < total)
        {
            throw new HttpRequestException($"the transfer ended after {file.Position} of {total} bytes");
        }
    }

    private async Task<int> Read(Stream body, CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(_buffer, cancel).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    private long PartLength() => File.Exists(_part) ? new FileInfo(_part).Length : 0;

    private bool Matches(string file, CancellationToken cancel) =>
        FileHash.Compute(file, cancel).StartsWith(hashPrefix, StringComparison.Ordinal);
}
