using System.Text;

namespace Interp.Tests.Cli.Support;

/// <summary>Standard error of a user who presses Ctrl-C as soon as a text appears there.</summary>
internal sealed class CancellingWriter(string text, CancellationTokenSource cancel) : StringWriter
{
    public override void Write(char value) => Check(() => base.Write(value));

    public override void Write(string? value) => Check(() => base.Write(value));

    public override void Write(char[] buffer, int index, int count) => Check(() => base.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        base.Write(buffer);
        Check(() => { });
    }

    public override Encoding Encoding => Encoding.UTF8;

    private void Check(Action write)
    {
        write();
        if (ToString().Contains(text, StringComparison.Ordinal))
        {
            cancel.Cancel();
        }
    }
}
