using System.Diagnostics;
using Interp.Cli.Output;
using Spectre.Console;

namespace Interp.Cli;

/// <summary>
/// Progress of long work on standard error: a bar on a terminal, elsewhere a plain line every few seconds, and nothing where <paramref
/// name="console"/> is null.
/// </summary>
/// <param name="console">Standard error, or null for silence.</param>
/// <param name="title">What is being done.</param>
/// <param name="bytes">Whether the amounts are bytes of a transfer.</param>
internal sealed class ProgressDisplay(IAnsiConsole? console, string title, bool bytes)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work, which reports what it is at, the amount done and the amount in all.</summary>
    internal T Run<T>(Func<Action<string, long, long>, T> work)
    {
        if (console is null)
        {
            return work((_, _, _) => { });
        }

        return console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi ? Bar(console, work) : Lines(console, work);
    }

    private T Bar<T>(IAnsiConsole terminal, Func<Action<string, long, long>, T> work)
    {
        ProgressColumn[] columns = bytes
            ? [new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(),
            new RemainingTimeColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
        return terminal.Progress().AutoClear(true).Columns(columns).Start(progress =>
        {
            ProgressTask task = progress.AddTask(Markup.Escape(title));
            return work((item, done, total) =>
            {
                task.Description = Markup.Escape(Describe(item));
                task.MaxValue = Math.Max(1, total);
                task.Value = done;
            });
        });
    }

    private T Lines<T>(IAnsiConsole log, Func<Action<string, long, long>, T> work)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan next = s_interval, start = default;
        (long Done, long Total) last = default;
        return work((item, done, total) =>
        {
            if (done < last.Done || total != last.Total)
            {
                start = clock.Elapsed; // Another stage: what an earlier one took says nothing about it.
            }

            last = (done, total);
            if (clock.Elapsed >= next)
            {
                next = clock.Elapsed + s_interval;
                string amount = bytes ? $"{done >> 20} of {total >> 20} MiB" : $"{100.0 * done / Math.Max(1, total):0} %";
                string left = done > 0 && done < total
                    ? $", about {Readable.Duration((clock.Elapsed - start) * ((double)(total - done) / done))} left" : "";
                log.Profile.Out.Writer.WriteLine($"{Describe(item)}: {amount}{left}");
            }
        });
    }

    private string Describe(string item) => item.Length > 0 ? $"{title} {item}" : title;
}
