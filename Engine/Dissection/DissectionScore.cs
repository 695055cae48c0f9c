using Interp.Engine.Common;

namespace Interp.Engine.Dissection;

/// <summary>What decides which concept a unit is labelled with, and what chance is asked about.</summary>
/// <param name="Name">Its name: <c>iou</c>.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Of">The score; larger is better.</param>
public sealed record DissectionScore(string Name, string Description, Func<Overlap, double> Of)
{
    /// <summary>Intersection over union.</summary>
    public static DissectionScore Iou { get; } = new("iou", "intersection over union", o => o.Iou);

    /// <summary>All scores.</summary>
    public static Catalog<DissectionScore> All { get; } = new(
        "score",
        s => s.Name,
        Iou,
        new DissectionScore("iou-ceiling", "IoU as a share of the largest that these sizes allow",
            o => o.Ceiling > 0 ? o.Iou / o.Ceiling : 0),
        new DissectionScore("lift", "precision over the concept's share of all places", o => o.Lift),
        new DissectionScore("iqr", "information quality ratio: mutual information by joint entropy", o => o.InformationQuality));
}
