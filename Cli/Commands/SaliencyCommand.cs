using System.CommandLine;
using System.Diagnostics;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Cli.Commands;

/// <summary><c>saliency</c>: which pixels a class score comes from.</summary>
internal static class SaliencyCommand
{
    private const string TopClass = "top";

    private static readonly Option<string> s_class = new("--class")
    {
        Description = "The class to explain: an id, a label or an unambiguous part of one, or 'top' for the class with the largest logit",
        HelpName = "ID|LABEL|top",
        DefaultValueFactory = _ => TopClass,
    };

    private static readonly Option<bool> s_probability = new("--probability") { Description = "Explain the class's probability instead of its logit" };

    private static readonly Option<string> s_out = new("--out") { Description = "Folder for the results", HelpName = "DIR", DefaultValueFactory = _ => "out" };

    internal static Command Create(CliContext context)
    {
        ProgramCommand command = new ProgramCommand("saliency", "Show which pixels a class score comes from", context, Run)
        {
            SharedOptions.Images,
        }.WithExamples("cat.jpg --method guided", "photos/ --method all --out results", "cat.jpg --method vanilla,guided --class \"tiger cat\" --probability");
        foreach (Option option in (Option[])
        [
            .. MethodFlags.All, s_class, s_probability, .. PictureFlags.All, s_out, SharedOptions.Model, SharedOptions.Seed, SharedOptions.Threads,
            SharedOptions.Backend, SharedOptions.Convolution, SharedOptions.Memory, SharedOptions.Json,
        ])
        {
            command.Add(option);
        }

        return command;
    }

    private static int Run(Invocation run)
    {
        IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods = MethodFlags.Read(run);
        PictureOptions pictures = PictureFlags.Read(run);
        Network network = run.LoadModel();
        int? wanted = run.Get(s_class) is var text && text == TopClass ? null : network.Labels.Find(text);
        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend);
        var inputs = new InputList(run);
        var writer = new SaliencyWriter(run.Get(s_out), pictures, run.Get(SharedOptions.Threads));
        var done = new List<SaliencyLine>();
        try
        {
            run.Progress("explaining").Run(report =>
            {
                inputs.ForEach(network, (i, input, part) =>
                {
                    report(Path.GetFileName(input.Path), i, inputs.Files.Count);
                    done.AddRange(Explain(run, new Job(explainer, input, part, wanted, methods), writer));
                });
                return done.Count;
            });
        }
        catch when (done.Count > 0)
        {
            SaliencySummary.Show(run, done);
            throw;
        }

        SaliencySummary.Show(run, done);
        return inputs.ExitCode;
    }

    private static IEnumerable<SaliencyLine> Explain(Invocation run, Job job, SaliencyWriter writer)
    {
        (Explainer explainer, NetworkInput input) = (job.Explainer, job.Input);
        var clock = Stopwatch.StartNew();
        float[] logits = explainer.Forward(input, [], run.Cancel).Logits();
        TimeSpan forward = clock.Elapsed;
        Prediction top = Prediction.Top(logits, explainer.Network.Labels, 1)[0];
        var target = new ClassTarget(job.Class ?? top.Class, run.Get(s_probability));
        string folder = writer.Begin(input, job.Part);
        if (Path.GetFileName(folder) is var name && job.Part is null && name != Path.GetFileNameWithoutExtension(input.Path))
        {
            run.Note($"{input.Path}: an earlier image has the same name, so the results are in {Readable.Path(folder)}");
        }

        foreach ((AttributionMethod method, OptionValues options) in job.Methods)
        {
            clock.Restart();
            AttributionResult result = method.Explain(new AttributionRequest(explainer, input, target, options)
            {
                Seed = run.Get(SharedOptions.Seed),
                Cancel = run.Cancel,
            });
            var manifest = new Manifest
            {
                Model = explainer.Network.Name,
                ModelHash = explainer.Network.Hash,
                Image = input.Path,
                ImageHash = input.FileHash,
                Class = target.Id,
                Label = explainer.Network.Labels[target.Id],
                TopClass = top.Class,
                TopLabel = top.Label,
                Logit = result.Logit,
                Probability = result.Probability,
                Target = target.Quantity,
                Score = result.Score,
                Method = method.Name,
                Options = new Dictionary<string, object>([.. options.Values, .. PictureFlags.Values(writer.Pictures, method.Kind)]),
                Seed = run.Get(SharedOptions.Seed),
                Threads = explainer.Backend.Info.Threads,
                Backend = explainer.Backend.Info.Name,
                InstructionSet = explainer.Backend.Info.InstructionSet,
                Convolution = run.Get(SharedOptions.Convolution),
                Memory = run.Get(SharedOptions.Memory),
                Shape = result.Shape.Dims,
                RawMin = result.Minimum,
                RawMax = result.Maximum,
                Facts = result.Facts.ToDictionary(f => f.Name, f => f.Value),
                ForwardPasses = result.Work.Forward,
                BackwardPasses = result.Work.Backward,
                TimeMs = Math.Round((forward + clock.Elapsed).TotalMilliseconds, 3),
                Diagnosis = result.Diagnosis,
                Remarks = [],
            };
            yield return writer.Write(folder, input, result, manifest);
        }
    }

    private sealed record Job(
        Explainer Explainer, NetworkInput Input, int? Part, int? Class, IReadOnlyList<(AttributionMethod Method, OptionValues Options)> Methods);
}
