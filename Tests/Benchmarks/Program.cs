using System.CommandLine;
using System.Diagnostics;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Interp.Engine.Graph;

namespace Interp.Benchmarks;

internal static class Program
{
    private static readonly string[] s_tables = [
        "ceilings", "networks", "families", "layers", "steps", "shapes", "accuracy", "memory", "avx2", "methods", "costs", "visualization"];

    private static int Main(string[] args)
    {
        var quick = new Option<bool>(
            "--quick") { Description = "Only VGG16 at batch 1 on all cores, and its layers: about a minute instead of an hour" };
        var tables = new Option<string[]>("--tables")
        {
            Description = "Only these tables: " + string.Join(", ", s_tables),
            AllowMultipleArgumentsPerToken = true,
        };
        tables.AcceptOnlyFromAmong(s_tables);
        var rounds = new Option<int>(
            "--rounds") { Description = "Timed runs at batch 1; larger batches get fewer", DefaultValueFactory = _ => 15 };
        var batches = new Option<int[]>(
            "--batches") { Description = "Only these numbers of images in a run, instead of 1, 8 and 50",
            AllowMultipleArgumentsPerToken = true };
        var methods = new Option<string[]>("--methods")
        {
            Description = "Only these rows of the tables of methods and of costs", AllowMultipleArgumentsPerToken = true,
        };
        methods.AcceptOnlyFromAmong([.. MethodRow.All.Select(r => r.Method).Distinct()]);
        var families = new Option<string[]>("--networks")
        {
            Description = "Only these networks in the tables families and steps, by torchvision's names",
            AllowMultipleArgumentsPerToken = true,
        };
        var root = new RootCommand("Times the CPU engine beside libtorch and ONNX Runtime, in turn in one process, and prints the tables as Markdown.")
        {
            quick, tables, rounds, batches, methods, families, Kernels(), Peak(), MethodPeak(),
        };
        root.SetAction(run => Run(run.GetValue(quick), run.GetValue(tables) ?? [], run.GetValue(rounds), run.GetValue(batches) ?? [],
            run.GetValue(methods) ?? [], run.GetValue(families) is { Length: > 0 } some ? some : Families.Names));
        return root.Parse(args).Invoke();
    }

    private static void Run(bool quick, string[] tables, int rounds, int[] only, string[] methods, string[] families)
    {
        TorchLibrary.Load();
        Console.WriteLine($"{Machine.Description}, {TorchLibrary.Description}, {OnnxNetwork.Description}\n");
        HashSet<string> wanted = [.. tables.Length > 0 ? tables : quick ? ["ceilings", "networks", "layers"] : s_tables];
        int[] depths = quick ? [16] : [16, 19], threads = quick ? Machine.Threads[^1..] : Machine.Threads, batches = only.Length > 0 ? only
            : quick ? [1] : [1, 8, 50];
        var ceilings = new Lazy<Ceilings[]>(() => [.. Machine.Threads.Select(Ceilings.Measure)]);
        Table("ceilings", () => Ceilings.Print(ceilings.Value));
        Func<int, int> fewer = batch => Math.Max(Math.Min(3, rounds), rounds / (1 + batch / 4));
        Table("networks", () => NetworkTable.Print(depths.Select(Networks.Vgg), threads, batches, fewer, ceilings.Value));
        Table("families", () =>
            NetworkTable.Print(families.Select(Families.Build), Machine.Threads[^1..], only.Length > 0 ? only : [1, 8], fewer,
                ceilings.Value));
        Table("steps", () => StepTable.Print(families.Select(Families.Build), only.FirstOrDefault(1), rounds, ceilings.Value[^1]));
        Table("layers", () => LayerTable.Print(Networks.Vgg(16), batch: 1, rounds, ceilings.Value[^1]));
        Table("shapes", () => ShapeTable.Print(Machine.Threads[^1], rounds));
        Table("accuracy", () => Accuracy.Print(depths.Select(Networks.Vgg), inputs: quick ? 1 : 5));
        Table("memory", () => MemoryTable.Print(depths, batches));
        Table("avx2", () => WithoutAvx512(rounds));
        Table("methods", () => MethodTable.Print(rounds, methods));
        Table("costs", () => CostTable.Print(rounds, methods));
        Table("visualization", () => VisualizationTable.Print(rounds));

        void Table(string name, Action print)
        {
            if (wanted.Contains(name))
            {
                Machine.Watched(print);
            }
        }
    }

    /// <summary>Networks once more in a process where neither the runtime nor libtorch's libraries may use AVX-512.</summary>
    private static void WithoutAvx512(int rounds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!,
            ["--quick", "--tables", "ceilings", "networks", "--rounds", $"{rounds}"]);
        start.Environment["DOTNET_EnableAVX512"] = "0";
        start.Environment["ATEN_CPU_CAPABILITY"] = "avx2";
        start.Environment["ONEDNN_MAX_CPU_ISA"] = "AVX2";
        start.Environment["MKL_ENABLE_INSTRUCTIONS"] = "AVX2";
        Console.WriteLine("### AVX2 only\n");
        using Process child = Process.Start(start)!;
        child.WaitForExit();
    }

    private static Command Kernels()
    {
        var arguments = new Argument<string[]>("arguments") { Description = "Arguments of BenchmarkDotNet, such as --filter *Winograd*" };
        var command = new Command("kernels", "Times single kernels with BenchmarkDotNet.") { arguments };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(run => BenchmarkSwitcher.FromTypes([typeof(KernelBenchmarks)]).Run(
            [.. run.GetValue(arguments) ?? [], .. run.UnmatchedTokens],
            DefaultConfig.Instance.WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "results"))
                .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))));
        return command;
    }

    private static Command Peak()
    {
        var who = new Argument<string>("who");
        Argument<int> depth = new("depth"), batch = new("batch");
        var backward = new Argument<bool>("backward");
        var command = new Command(MemoryTable.Command) { who, depth, batch, backward };
        command.Hidden = true;
        command.SetAction(run => MemoryTable.RunHere(run.GetValue(who)!, run.GetValue(depth), run.GetValue(batch), run.GetValue(backward)));
        return command;
    }

    private static Command MethodPeak()
    {
        Argument<string> who = new("who"), title = new("title");
        var command = new Command(MethodMemory.Command) { who, title };
        command.Hidden = true;
        command.SetAction(run => MethodMemory.RunHere(run.GetValue(who)!, run.GetValue(title)!));
        return command;
    }
}
