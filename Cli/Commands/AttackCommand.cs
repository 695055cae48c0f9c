using System.CommandLine;
using Interp.Cli.Adversarial;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Cli.Commands;

/// <summary><c>attack</c>: small changes of images after which a network errs, and what becomes of them in files.</summary>
internal static class AttackCommand
{
    private const int WorthSaying = 100;

    internal static Command Create(CliContext context) =>
        new ProgramCommand("attack", "Change images a little so that a network errs, and check it on the saved files", context, Run)
    {
        SharedOptions.Images,
        Headings.Method,
        AttackFlags.Method,
        AttackFlags.OfBall,
        SharedOptions.Seed,
        AttackFlags.Own,
        "One change for all images ('universal')",
        AttackFlags.OfUniversal,
        AttackFlags.Names,
        "What to reach",
        AttackFlags.OfGoal,
        Headings.Output,
        AttackFlags.OfResults,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
        MemoryFlags.All,
    }.WithExamples(
        "cat.jpg --method pgd", "cat.jpg --method pgd --epsilon 2/255 --target goldfish",
        "cat.jpg --method pgd --surface file", "photos/ --method fgsm,pgd --curve --report");

    private static int Run(Invocation run)
    {
        bool isUniversal = AttackFlags.IsUniversal(run);
        IReadOnlyList<(Attack Method, OptionValues Options)> methods = isUniversal ? [] : AttackFlags.Methods(run);
        Network network = run.LoadModel();
        if (network.Classes == 0)
        {
            throw new InputException($"{network.Name} has no classes, and an attack changes the class that a network answers; "
                + "'visualize --from IMAGE' changes an image for a unit of a layer");
        }

        using IBackend backend = run.OpenBackend();
        using var model = new AttackedModel(network, backend);
        if (isUniversal)
        {
            return MakeUniversal(run, model, backend);
        }

        AttackPlan plan = AttackPlan.Read(run, network, methods);
        bool hasCurve = run.Get(AttackFlags.Curve);
        run.NoteIdle(!hasCurve, $"without {AttackFlags.Curve.Name}", AttackFlags.Epsilons);
        if (hasCurve)
        {
            CurveJob.Check(plan);
            int distances = AttackFlags.Ladder(run, plan.Attacks[0].Norm).Count;
            run.Note($"the curve takes at most {Readable.Count(CurveJob.MostPasses(plan, distances))} passes an image; an image that has "
                + "fallen is not attacked at larger distances");
        }

        IReadOnlyList<Network> others = TransferJob.Models(run);
        OutputFile.CreateFolder(run.Get(AttackFlags.Out), AttackFlags.Out.Name);
        using var explainer = new Explainer(network, backend, MemoryFlags.Read(run) with { Backward = plan.Explainers.Count > 0 });
        var inputs = new InputList(run);
        var failures = new Failures(run);
        var job = new AttackJob(run, model, explainer, plan, failures);
        CurveFile? curve = null;
        TransferFile? transfer = null;
        try
        {
            Work(run, job, plan, inputs, network);
            curve = hasCurve && inputs.Files.Count > 0 ? new CurveJob(run, model, job, plan, backend).Work(inputs) : null;
            transfer = others.Count > 0 ? new TransferJob(run, backend).Work(job.Done, others, network.Name) : null;
        }
        finally
        {
            Show(run, job, curve, transfer);
        }

        if (run.Get(AttackFlags.Report) && job.Done.Count > 0)
        {
            string page = new AttackPage(run, network, job.Done, curve, transfer).Write();
            run.Note($"report: {Readable.Path(page)}, {Readable.Size(new FileInfo(page).Length)}");
        }

        return ExitCodes.Worse(inputs.ExitCode, failures.ExitCode);
    }

    private static int MakeUniversal(Invocation run, AttackedModel model, IBackend backend)
    {
        var inputs = new InputList(run);
        UniversalManifest manifest = new UniversalJob(run, model, backend).Work(inputs);
        if (run.Json)
        {
            run.WriteJson(manifest, UniversalJson.Pretty.UniversalManifest);
        }
        else
        {
            run.Write(UniversalJob.Table(manifest));
        }

        return inputs.ExitCode;
    }

    private static void Work(Invocation run, AttackJob job, AttackPlan plan, InputList inputs, Network network)
    {
        long each = Math.Max(1, AttackJob.MostPasses(plan));
        if (each * inputs.Files.Count > WorthSaying)
        {
            run.Note($"at most {Readable.Count(each * inputs.Files.Count)} passes through the network"
                + (inputs.Files.Count > 1 ? $", {Readable.Count(each)} for each of {inputs.Files.Count} files" : "")
                + "; an attack ends where it succeeds");
        }

        run.Progress("attacking").Run(report =>
        {
            inputs.ForEach(network, (i, input, part) => job.Attack(input, inputs.Files.Count == 1, (what, done) =>
                report($"{Path.GetFileName(input.Path)}, {what}", (i * each) + Math.Min(done, each), inputs.Files.Count * each)));
            return job.Done.Count;
        });
    }

    private static void Show(Invocation run, AttackJob job, CurveFile? curve, TransferFile? transfer)
    {
        IReadOnlyList<AttackRate> rates = AttackTables.RatesOf(job.Done);
        if (run.Json)
        {
            run.WriteJson(new AttackOutput(job.Done, rates, curve, transfer), AttackJson.Pretty.AttackOutput);
        }
        else if (job.Done.Count > 0)
        {
            run.Write(AttackTables.Results(job.Done));
            if (job.Done.Select(l => l.Image).Distinct().Count() > 1)
            {
                run.WriteLine("");
                run.Write(AttackTables.Rates(rates));
            }
        }

        if (!run.Json && curve is not null)
        {
            run.WriteLine("");
            run.Write(CurveJob.Table(curve));
            foreach (string words in CurveJob.Words(curve))
            {
                run.WriteLine(words);
            }
        }

        if (!run.Json && transfer is not null)
        {
            run.WriteLine("");
            run.Write(TransferJob.Table(transfer));
        }

        foreach (string words in AttackTables.Words(rates).Concat(curve?.Alarms ?? []))
        {
            run.Note(words);
        }

        foreach (AttackLine line in job.Done)
        {
            foreach (string remark in line.Manifest.Remarks)
            {
                run.Note($"{line.Manifest.Method} on {Readable.Path(line.Image)}: {remark}");
            }
        }

        if (job.Reused > 0)
        {
            run.Note($"{job.Reused} of {job.Done.Count} results were there from the same settings");
        }
    }
}
