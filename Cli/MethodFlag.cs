using System.CommandLine;
using Interp.Engine.Attribution;

namespace Interp.Cli;

/// <summary>An option of methods on the command line.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Option">The option.</param>
/// <param name="Text">Its value as text, for the methods to read.</param>
internal sealed record MethodFlag(string Name, Option Option, Func<Invocation, string> Text)
{
    internal static MethodFlag Of(MethodOption option)
    {
        string name = $"--{option.Name}";
        if (option is MethodOption<bool>)
        {
            Option<bool> flag = TypedOption.Switch(name, option.Summary);
            return new MethodFlag(option.Name, flag, run => run.Get(flag) ? "true" : "false");
        }

        Option<string> text = TypedOption.Text(name, option.Summary, option.Form);
        return new MethodFlag(option.Name, text, run => run.Get(text));
    }
}
