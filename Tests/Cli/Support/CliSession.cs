using Interp.Cli;
using Spectre.Console;

namespace Interp.Tests.Cli.Support;

/// <summary>Runs many commands one after the other with one command tree, which takes long to build hundreds of times.</summary>
internal sealed class CliSession : IDisposable
{
    private readonly StringWriter _output = new(), _error = new();
    private readonly CliContext _context;
    private readonly ProgramRoot _root;

    public CliSession()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(_error),
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = 4096;
        _context = new CliContext(_output, console);
        _root = Program.BuildRoot(_context);
    }

    public CliResult Run(params string[] args)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        int code = CommandLine.RunAsync(_root, args, _context).GetAwaiter().GetResult();
        return new CliResult(code, _output.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
