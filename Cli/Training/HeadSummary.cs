using System.Globalization;
using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.Statistics;
using Interp.Engine.Training;

namespace Interp.Cli.Training;

/// <summary>What <c>train-head --json</c> says.</summary>
/// <param name="Model">The new model's name.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Trunk">The model whose features it reads.</param>
/// <param name="Layer">The layer that gives them.</param>
/// <param name="Features">How many there are.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Images">Training images.</param>
/// <param name="Rows">Views of them that were trained on.</param>
/// <param name="L2">λ.</param>
/// <param name="Trials">What was tried on held-out images.</param>
/// <param name="HeldOut">How a head that was trained without them does on the held-out images, or null.</param>
/// <param name="Test">How the head does on the images of <c>--test</c>, or null.</param>
/// <param name="GradientNorm">‖∇L‖ at the end.</param>
/// <param name="NewtonSteps">Steps of the last training.</param>
/// <param name="HessianProducts">Products with the Hessian that they took.</param>
internal sealed record HeadSummary(
    string Model, string Folder, string Trunk, string Layer, int Features, int Classes, int Images, int Rows, double L2,
    IReadOnlyList<TrialLine> Trials, AccuracyLine? HeldOut, AccuracyLine? Test, double GradientNorm, int NewtonSteps, int HessianProducts)
{
    /// <summary>The same as lines for people.</summary>
    internal IEnumerable<string> Lines()
    {
        string views = Rows > Images ? $" in {Readable.Count(Rows)} views" : "";
        yield return $"{Model}: {Classes} classes on {Features} features of {Layer} of {Trunk}, trained on {Readable.Count(Images)} images"
            + $"{views}, in {Readable.Path(Folder)}";
        string chosen = Trials.Count > 1 ? $", the best of {Trials.Count} on held-out images" : "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"penalty {L2:g3}{chosen}; gradient norm {GradientNorm:0.0e+0} after {NewtonSteps} Newton steps");
        if (HeldOut is not null || Test is not null)
        {
            var table = new TextTable("images", "right", "share#", "95 % interval#", "chance#", "loss#");
            Add(table, "held out, by a head trained without them", HeldOut);
            Add(table, "test", Test);
            foreach (string line in table.Lines())
            {
                yield return line;
            }
        }
    }

    private static void Add(TextTable table, string images, AccuracyLine? line)
    {
        if (line is not null)
        {
            foreach ((string what, ShareLine share) in ((string, ShareLine)[])[("top-1", line.Top1), ("top-5", line.Top5)])
            {
                bool first = what == "top-1";
                table.Add(first ? $"{Readable.Count(line.Images)} {images}" : "", what, Readable.Percent(share.Share),
                    string.Create(CultureInfo.InvariantCulture, $"{100 * share.Low:0.0} to {100 * share.High:0.0} %"),
                    Readable.Percent(share.Chance), first ? Readable.Number(line.Loss) : "");
            }
        }
    }
}

/// <summary>One penalty that was tried.</summary>
internal sealed record TrialLine(double L2, double Top1, double Loss);

/// <summary>A share with its 95 % interval, and what always answering the commonest classes gives.</summary>
internal sealed record ShareLine(int Right, double Share, double Low, double High, double Chance)
{
    internal static ShareLine Of(Proportion p, double chance) => new(p.Count, p.Share, p.Low, p.High, chance);
}

/// <summary>How a head does on some images.</summary>
internal sealed record AccuracyLine(int Images, ShareLine Top1, ShareLine Top5, double Loss)
{
    internal static AccuracyLine? Of(HeadAccuracy? a) => a is null ? null
        : new(a.Top1.Of, ShareLine.Of(a.Top1, a.Chance1), ShareLine.Of(a.Top5, a.Chance5), a.Loss);
}

/// <summary>What <c>train-head</c> prints.</summary>
[JsonSerializable(typeof(HeadSummary))]
internal sealed partial class HeadJson : JsonSerializerContext
{
    internal static HeadJson Pretty { get; } = new(JsonStyle.Pretty());
}
