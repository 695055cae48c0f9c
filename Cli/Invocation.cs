using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interp.Cli.Output;
using Interp.Cuda;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Weights;

namespace Interp.Cli;

/// <summary>One run of one command: the options that were given, and the ways to report.</summary>
internal sealed class Invocation(CliContext context, ParseResult parse, CancellationToken cancel)
{
    internal CancellationToken Cancel => cancel;

    internal bool Quiet => parse.GetValue(SharedOptions.Quiet);

    internal bool Verbose => parse.GetValue(SharedOptions.Verbose);

    internal bool Json => parse.GetValue(SharedOptions.Json);

    internal T Get<T>(Option<T> option) => parse.GetValue(option)!;

    internal T Get<T>(Argument<T> argument) => parse.GetValue(argument)!;

    /// <summary>What an option names that takes several, given apart or with commas between.</summary>
    internal IEnumerable<string> Parts(Option<string[]> option) =>
        (Get(option) ?? []).SelectMany(n => n.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether the user wrote the option, rather than its default being in force.</summary>
    internal bool IsGiven(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>Says of options that were given that nothing depends on them, so that nobody waits for what they would do.</summary>
    /// <param name="idle">Whether it is so.</param>
    /// <param name="reason">When it is so: <c>without --report</c>.</param>
    /// <param name="options">The options.</param>
    internal void NoteIdle(bool idle, string reason, params IEnumerable<Option> options)
    {
        foreach (Option option in options.Where(o => idle && IsGiven(o)))
        {
            Note($"{option.Name} has no effect {reason}");
        }
    }

    /// <summary>The longest line of a text for people.</summary>
    internal int Width => context.Width;

    /// <summary>The model of <c>--model</c>, which takes images as <c>--prepared</c> says, where the command has that option.</summary>
    internal Network LoadModel() => LoadModel(Get(SharedOptions.Model));

    /// <inheritdoc cref="LoadModel()"/>
    internal Network LoadModel(string name) => ModelStore.Load(name).With(SharedOptions.PreparedOf(this));

    /// <summary>The layer that a name means; a note says so where a module of that name is called several times.</summary>
    /// <exception cref="InputException">There is none; the message names the nearest ones.</exception>
    internal Node FindLayer(Network network, string name)
    {
        Node layer = network.Find(name);
        NoteCalls(network, [name]);
        return layer;
    }

    /// <summary>Says of layers that were named that their module is called several times; names that are no layer's are passed
    /// over.</summary>
    internal void NoteCalls(Network network, IEnumerable<string> names)
    {
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            string[] calls = [.. Calls(network, name)];
            if (calls.Length > 1)
            {
                Note($"{name} is called {calls.Length} times: {string.Join(", ", calls)}; taken is the first, {name}");
            }
        }
    }

    /// <summary>The layer of that name and those of later calls: <c>relu</c>, <c>relu_1</c>, <c>relu_2</c>.</summary>
    private static IEnumerable<string> Calls(Network network, string name)
    {
        var kinds = network.Nodes.ToDictionary(n => n.Name, n => n.Layer.Kind);
        string call = name;
        for (int k = 1; kinds.GetValueOrDefault(call) is { } kind && kind == kinds[name]; k++)
        {
            yield return call;
            call = string.Create(CultureInfo.InvariantCulture, $"{name}_{k}");
        }
    }

    /// <summary>The backend that <c>--backend</c> asks for; <c>auto</c> is a GPU that computes right, or else the CPU, which it says if
    /// there was one to hope for.</summary>
    internal IBackend OpenBackend()
    {
        string asked = Get(SharedOptions.Backend);
        ConvChoice convolution = Enum.Parse<ConvChoice>(Get(SharedOptions.Convolution), ignoreCase: true);
        MemoryUse memory = Enum.Parse<MemoryUse>(Get(SharedOptions.Memory), ignoreCase: true);
        var options = new CudaOptions
        {
            FastMath = Enum.Parse<FastMath>(Get(SharedOptions.FastMath), ignoreCase: true),
            Convolution = convolution,
            Memory = memory,
        };
        if (asked == "cuda" || (asked == "auto" && (IsGiven(SharedOptions.Backend) || CudaBackend.HasDriver)))
        {
            try
            {
                return CudaBackend.OpenChecked(options);
            }
            catch (BackendException e) when (asked == "cuda")
            {
                throw new BackendException($"--backend cuda: {e.Message}", e);
            }
            catch (BackendException e)
            {
                Note($"running on the CPU: {e.Message}");
            }
        }

        return new CpuBackend(new CpuOptions
        {
            Threads = Get(SharedOptions.Threads),
            Convolution = convolution,
            Memory = memory,
        });
    }

    internal ProgressDisplay Progress(string title, bool bytes = false) => new(Quiet ? null : context.Error, title, bytes);

    /// <summary>A remark that is not an error.</summary>
    internal void Note(string message)
    {
        if (!Quiet)
        {
            Report.Note(context, message);
        }
    }

    /// <summary>An error after which the command goes on or ends; with a stack trace if <c>--verbose</c>.</summary>
    /// <param name="e">The error.</param>
    /// <param name="piece">Which piece of the work failed, where there are several.</param>
    /// <param name="after">What happens now.</param>
    internal void Fail(Exception e, string? piece = null, string? after = null)
    {
        string message = e switch
        {
            InterpException => e.Message,
            OperationCanceledException => "cancelled; finished files stay, nothing half-written does",
            FileNotFoundException or FileLoadException or BadImageFormatException or TypeLoadException or TypeInitializationException =>
                $"a part of the program is missing or damaged, install it again: {(e.InnerException ?? e).Message}",
            OutOfMemoryException => "not enough memory for this network and input size; use smaller images or a smaller batch",
            _ when Verbose => $"unexpected {e.GetType().Name}: {e.Message}",
            _ => $"unexpected {e.GetType().Name}: {e.Message}; run with --verbose for the stack trace",
        };
        Report.Error(context, $"{(piece is null ? "" : $"{piece}: ")}{message}{(after is null ? "" : $"; {after}")}");
        if (Verbose)
        {
            Report.Trace(context, e);
        }
    }

    internal void Write(TextTable table)
    {
        foreach (string line in table.Lines())
        {
            WriteLine(line);
        }
    }

    /// <exception cref="OutputException">Standard output cannot be written to.</exception>
    internal void WriteLine(string line)
    {
        try
        {
            context.Out.WriteLine(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"standard output: cannot be written: {e.Message}", e);
        }
    }

    internal void WriteJson<T>(T value, JsonTypeInfo<T> type) => WriteLine(JsonSerializer.Serialize(value, type));
}
