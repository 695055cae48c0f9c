using Interp.Engine.Common;

namespace Interp.Cli;

/// <summary>The program's exit codes.</summary>
internal static class ExitCodes
{
    internal const int Done = 0;

    /// <summary>A fault in the program itself: an exception that nothing foresaw.</summary>
    internal const int Unexpected = 1;

    internal const int Usage = 2;
    internal const int Model = 3;
    internal const int Backend = 4;
    internal const int Output = 5;
    internal const int Cancelled = 130;

    internal static int Of(Exception e) => e switch
    {
        InputException => Usage,
        ModelException => Model,
        BackendException or OutOfMemoryException => Backend,
        OutputException => Output,
        OperationCanceledException => Cancelled,
        _ => Unexpected,
    };

    /// <summary>The code of a command in which two things went wrong: a fault of the program above all, else what came first.</summary>
    internal static int Worse(int first, int second) => second == Unexpected || first == Done ? second : first;
}
