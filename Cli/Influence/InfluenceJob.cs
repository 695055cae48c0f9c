using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Imaging;

namespace Interp.Cli.Influence;

/// <summary>
/// Which training images made the predictions of some images: a folder of results for each, and the table and the page of all of them.
/// </summary>
internal sealed class InfluenceJob
{
    internal const string TableName = "influence.csv", MethodsName = "methods.csv", PageName = "page.html";
    private readonly Invocation _run;
    private readonly HeadContext _context;
    private readonly IReadOnlyList<Question> _questions;
    private readonly QuestionPlan _plan;
    private readonly string _out;
    private readonly Removals _removals;
    private readonly List<QuestionManifest> _done = [];
    private readonly InfluencePictures _pictures;

    internal InfluenceJob(Invocation run, HeadContext context, IReadOnlyList<AskedImage> asked, QuestionPlan plan)
    {
        (_run, _context, _plan, _out) = (run, context, plan, run.Get(InfluenceFlags.Out));
        int? given = InfluenceFlags.Class(run) is { } text ? context.Set.Find(text, "--class") : null;
        _questions = [.. asked.Select(a => Question.Of(a, context.Set, context.Head.Problem, context.Network, given))];
        _removals = new Removals(context.Head.Problem, [.. _questions.Select(q => q.Test)], run.Cancel);
        _pictures = new InfluencePictures(run, context);
    }

    /// <summary>Answers all questions; what is done when the run is stopped stays, in the table too.</summary>
    internal InfluenceManifest Work()
    {
        try
        {
            int kept = 0;
            for (int q = 0; q < _questions.Count; q++)
            {
                kept += Answer(q) ? 1 : 0;
            }

            if (kept > 0)
            {
                _run.Note($"{kept} of {_questions.Count} results were there from the same settings");
            }
        }
        catch (OperationCanceledException) when (_done.Count > 0)
        {
            Write(complete: false);
            throw;
        }

        return Write(complete: true);
    }

    /// <summary>Answers a question unless that was done before.</summary>
    private bool Answer(int place)
    {
        Question question = _questions[place];
        string name = Path.Combine(question.Asked.Name, "influence");
        var folder = new ResultFolder<QuestionManifest>(Path.Combine(_out, name), InfluenceJson.Strict.QuestionManifest);
        string settings = SettingsHash.Of(
        [
            "influence", _context.Head.Settings, question.Asked.Path, $"{question.Asked.Part}", question.Asked.Hash,
            $"{question.Test.Label} {question.ChosenBy}", _context.Set.Folder, .. _plan.Settings,
        ]);
        if (folder.Existing(settings) is { } existing)
        {
            _done.Add(existing);
            return true;
        }

        OutputFile.CreateFolder(folder.Path, InfluenceFlags.Out.Name);
        var job = new QuestionJob(_run, _context, _plan, _removals);
        (QuestionManifest manifest, IReadOnlyList<InfluenceLine> ranking) =
            _run.Progress($"{question.Asked.Name},").Run(report => job.Answer(question, place, settings, name, report));
        if (folder.Begin(settings) is { } other)
        {
            string before = Readable.PathAndPart(other.Image, other.Part);
            _run.Note($"{Readable.Path(folder.Path)} held an answer about {before} from other images or settings: it is replaced; another "
                + $"{InfluenceFlags.Out.Name} keeps both");
        }

        Settle(folder, manifest, ranking, question);
        return false;
    }

    private void Settle(
        ResultFolder<QuestionManifest> folder, QuestionManifest manifest, IReadOnlyList<InfluenceLine> ranking, Question question)
    {
        var files = new List<string>();
        _pictures.Write(question, manifest, Add, out manifest);
        Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(InfluenceTables.Ranking(manifest, ranking))));
        foreach ((string name, Chart chart) in InfluenceCharts.Of(manifest))
        {
            Add($"{name}.svg", s => s.Write(Encoding.UTF8.GetBytes(chart.Svg())));
            Add($"{name}.png", s => ImageFile.WritePng(s, chart.Png()));
        }

        manifest = manifest with { Files = files, Sha256 = folder.SumsOf(files) };
        folder.Settle(manifest);
        _done.Add(manifest);

        void Add(string file, Action<Stream> write)
        {
            folder.Add(file, write);
            files.Add(file);
        }
    }

    /// <summary>Table, page and manifest of all that is done.</summary>
    private InfluenceManifest Write(bool complete)
    {
        var folder = new ResultFolder<InfluenceManifest>(_out, InfluenceJson.Strict.InfluenceManifest);
        var manifest = new InfluenceManifest
        {
            Settings = SettingsHash.Of([.. _done.Select(d => d.Settings), $"{complete}"]),
            Model = _context.Network.Name,
            ModelHash = _context.Network.Hash,
            Head = _context.Line,
            Complete = complete,
            Questions = _done,
        };
        folder.Begin(manifest.Settings);
        folder.Add(TableName, s => s.Write(Encoding.UTF8.GetBytes(Table())));
        string[] files = [TableName, PageName];
        if (_plan.Rivals.Count > 0)
        {
            folder.Add(MethodsName, s => s.Write(Encoding.UTF8.GetBytes(InfluenceTables.Methods(manifest))));
            files = [.. files, MethodsName];
        }

        folder.Add(PageName, new InfluencePage(manifest).Write);
        manifest = manifest with { Files = files, Sha256 = folder.SumsOf(files) };
        folder.Finish(manifest);
        return manifest;
    }

    /// <summary>The rankings of all images, one below the other.</summary>
    private string Table()
    {
        var table = new StringBuilder();
        foreach (QuestionManifest q in _done)
        {
            string own = File.ReadAllText(Path.Combine(_out, q.Folder, TableName));
            table.Append(table.Length == 0 ? own : own[(own.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        }

        return table.ToString();
    }
}
