using Interp.Cli.Output;

namespace Interp.Cli.Reporting;

/// <summary>What a dissection says that a unit stands for.</summary>
/// <param name="Layer">The layer that was dissected.</param>
/// <param name="Labels">The labels that it was compared with.</param>
/// <param name="Label">The concept; null of a unit that is never active.</param>
/// <param name="Category">Its category.</param>
/// <param name="Iou">Intersection over union of the unit's mask and the concept's.</param>
/// <param name="Ceiling">The most that it could be with masks of these sizes.</param>
/// <param name="P">How often labels exchanged among the images give as much.</param>
/// <param name="PPlace">How often labels moved within the images do.</param>
/// <param name="QBh">The false discovery rate (Benjamini-Hochberg) if this unit and all better ones are believed.</param>
/// <param name="Detector">Whether the IoU passes the threshold.</param>
/// <param name="Significant">Whether the false discovery rate does.</param>
/// <param name="Remark"><c>dead</c>, <c>sparse</c> or nothing.</param>
internal sealed record UnitLabel(
    string Layer, string Labels, string? Label, string? Category, double Iou, double Ceiling, double P, double PPlace, double QBh,
    bool Detector, bool Significant, string Remark)
{
    /// <summary>The label for a table or a caption: <c>striped (texture), IoU 0.118, p 0.0099</c>.</summary>
    internal string Words => Label is null ? "never active in the labelled images"
        : $"{Label} ({Category}), IoU {Readable.Number(Iou)}{(double.IsNaN(P) ? "" : $", p {Readable.Number(P)}")}"
            + (Significant || double.IsNaN(P) ? "" : ", not significant");
}
