using System.Runtime.InteropServices;
using System.Text;

namespace Interp.Cli;

/// <summary>
/// Standard output and error of this process. Where one was closed before the start (<c>&gt;&amp;-</c>), its number belongs to something
/// that
/// the runtime has opened since: nothing may be written there.
/// </summary>
internal static partial class StandardStreams
{
    private const int GetFlags = 1; // F_GETFD; the number is the same on Linux and macOS, as is FD_CLOEXEC
    private const int CloseOnExecute = 1;

    /// <summary>Data; where it was closed, writing fails as it does to a full disk.</summary>
    internal static TextWriter Output => WasClosed(1) ? new ClosedWriter() : Console.Out;

    /// <summary>Messages, as far as they can be told: where standard error was closed or cannot be written to, they are dropped.</summary>
    internal static TextWriter Error => WasClosed(2) ? TextWriter.Null
        : Console.IsErrorRedirected ? new LenientWriter(Console.Error)
        : Console.Error;

    /// <summary>What a process inherits is not closed on execution; what the runtime opens is.</summary>
    private static bool WasClosed(int descriptor) =>
        !OperatingSystem.IsWindows() && FileControl(descriptor, GetFlags) is var flags && (flags < 0 || (flags & CloseOnExecute) != 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command);

    private sealed class ClosedWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("it is closed");
    }

    /// <summary>Goes silent where its target fails, since there is nowhere to say so.</summary>
    private sealed class LenientWriter(TextWriter target) : TextWriter
    {
        public override Encoding Encoding => target.Encoding;

        public override void Write(char value) => Try(() => target.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(() => target.Write(buffer, index, count));

        public override void Write(string? value) => Try(() => target.Write(value));

        public override void Flush() => Try(target.Flush);

        private static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk behind standard error must not keep results from being made.
            }
        }
    }
}
