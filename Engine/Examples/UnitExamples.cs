using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>Everything that is gathered of one channel while images go by.</summary>
/// <param name="channel">The channel.</param>
/// <param name="count">How many images are wanted at either end.</param>
/// <param name="rank">What orders them.</param>
public sealed class UnitExamples(int channel, int count, ExampleRank rank)
{
    /// <summary>The channel.</summary>
    public int Channel => channel;

    /// <summary>The distribution over all images.</summary>
    public UnitStatistics Statistics { get; private set; } = new();

    /// <summary>The images that excite it most.</summary>
    public TopExamples Most { get; } = new(count, least: false, rank);

    /// <summary>The images that excite it least.</summary>
    public TopExamples Least { get; } = new(count, least: true, rank);

    /// <summary>Everything, to go on from later.</summary>
    public UnitSnapshot Snapshot => new(channel, Statistics.Snapshot, Most.Best, Least.Best);

    /// <summary>Goes on from where <see cref="Snapshot"/> was taken.</summary>
    public static UnitExamples Of(UnitSnapshot snapshot, int count, ExampleRank rank)
    {
        var unit = new UnitExamples(snapshot.Channel, count, rank) { Statistics = new UnitStatistics(snapshot.Statistics) };
        foreach (UnitExample e in snapshot.Most)
        {
            unit.Most.Offer(e);
        }

        foreach (UnitExample e in snapshot.Least)
        {
            unit.Least.Offer(e);
        }

        return unit;
    }

    /// <summary>Takes one image.</summary>
    /// <param name="image">Its file.</param>
    /// <param name="part">Its place among several inputs of one file, or null.</param>
    /// <param name="activation">The layer's activations, <c>[N,C,h,w]</c> or <c>[N,F]</c>.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="row">The image's row.</param>
    /// <exception cref="Common.ModelException">The activations are not finite.</exception>
    public void Add(string image, int? part, ReadOnlySpan<float> activation, Shape shape, int row)
    {
        UnitReading reading = UnitReading.Of(activation, shape, row, channel);
        Statistics.Add(reading);
        Most.Offer(image, part, reading);
        Least.Offer(image, part, reading);
    }
}

/// <summary>The state of a <see cref="UnitExamples"/>.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Statistics">The distribution.</param>
/// <param name="Most">The images that excite it most, best first.</param>
/// <param name="Least">The images that excite it least, best first.</param>
public sealed record UnitSnapshot(int Channel, StatisticsSnapshot Statistics, IReadOnlyList<UnitExample> Most,
    IReadOnlyList<UnitExample> Least);
