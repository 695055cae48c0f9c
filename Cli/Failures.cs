namespace Interp.Cli;

/// <summary>
/// Keeps what fails from taking other work with it: each failure is one line on standard error, the others go on, and the command's exit
/// code
/// tells of it. What fails in the same way twice running is given up. A place that cannot be written to and a cancellation end the command
/// all the same.
/// </summary>
internal sealed class Failures(Invocation run)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _last = [];
    private readonly HashSet<string> _givenUp = [];

    /// <summary>The command's exit code if nothing else goes wrong.</summary>
    internal int ExitCode { get; private set; }

    /// <summary>Whether a kind of work is not to be tried any more.</summary>
    internal bool GaveUp(string kind)
    {
        lock (_gate)
        {
            return _givenUp.Contains(kind);
        }
    }

    /// <summary>Does one piece of work; true if it succeeds. May be called by several threads.</summary>
    /// <param name="kind">What fails alike: a method.</param>
    /// <param name="piece">The piece, for people: the method and the image.</param>
    /// <param name="alone">Whether there is nothing else to do: a failure then ends the command as it is.</param>
    /// <param name="work">The work.</param>
    internal bool Try(string kind, string piece, bool alone, Action work)
    {
        try
        {
            work();
            lock (_gate)
            {
                _last.Remove(kind);
            }

            return true;
        }
        catch (Exception e) when (!alone && e is not (OperationCanceledException or Engine.Common.OutputException))
        {
            Report(kind, piece, e);
            return false;
        }
    }

    /// <summary>Reports a failure after which the command goes on.</summary>
    internal void Report(string kind, string piece, Exception e)
    {
        lock (_gate)
        {
            bool again = _last.GetValueOrDefault(kind) == e.Message;
            _last[kind] = e.Message;
            if (again)
            {
                _givenUp.Add(kind);
            }

            ExitCode = ExitCodes.Worse(ExitCode, ExitCodes.Of(e));
            run.Fail(e, piece, again ? "the same again, so it is not tried any more" : "the others go on");
        }
    }
}
