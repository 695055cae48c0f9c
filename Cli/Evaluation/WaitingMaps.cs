using Interp.Engine.Attribution;
using Interp.Engine.Evidence;

namespace Interp.Cli.Evaluation;

/// <summary>A map with what was measured of it.</summary>
/// <param name="Request">The map.</param>
/// <param name="Evidence">What is known of it.</param>
internal sealed record MeasuredMap(EvidenceRequest Request, MapEvidence Evidence)
{
    /// <summary>What was found, by the metrics' columns.</summary>
    internal Dictionary<string, double> Values =>
        Evidence.Findings.SelectMany(f => f.Metric.Columns.Zip(f.Values)).ToDictionary(c => c.First.Name, c => c.Second);

    /// <summary>What is wrong with it in words, by the verdicts' names.</summary>
    internal Dictionary<string, string> Verdicts => Evidence.Verdicts.ToDictionary(v => v.Name, v => v.Text);
}

/// <summary>
/// Maps of one image that are measured together, so that they share passes. They wait until the image's last map is made, or what they
/// hold or what they took to make is worth keeping: a command that is stopped then loses no more than that.
/// </summary>
/// <typeparam name="T">What is known of a map beside it.</typeparam>
/// <param name="failures">What fails is told there.</param>
/// <param name="explainer">What maps are made with; let go after a failure.</param>
/// <param name="board">Measures them.</param>
/// <param name="take">Takes each map, in order.</param>
internal sealed class WaitingMaps<T>(Failures failures, Explainer explainer, EvidenceBoard board, Action<MeasuredMap, T> take)
{
    private const long MostBytes = 256L << 20;
    private const long MostPasses = 500;
    private readonly List<(string Kind, string Piece, bool Alone, EvidenceRequest Map, T Known)> _waiting = [];

    /// <summary>How many maps wait.</summary>
    internal int Count => _waiting.Count;

    /// <summary>Makes a map that then waits; false if it fails.</summary>
    /// <param name="kind">What fails alike: the method.</param>
    /// <param name="piece">The method and the image, for people.</param>
    /// <param name="alone">Whether there is nothing else to do.</param>
    /// <param name="make">Makes it.</param>
    internal bool Explain(string kind, string piece, bool alone, Func<(EvidenceRequest Map, T Known)> make)
    {
        bool done = failures.Try(kind, piece, alone, () =>
        {
            (EvidenceRequest map, T known) = make();
            _waiting.Add((kind, piece, alone, map, known));
        });
        if (!done)
        {
            explainer.Release();
        }

        return done;
    }

    /// <summary>Whether the maps that wait are worth measuring now.</summary>
    internal bool IsHeavy => _waiting.Sum(w => w.Map.Map.Work.Forward + w.Map.Map.Work.Backward) >= MostPasses
        || _waiting.Sum(w => w.Map.HeldBytes) >= MostBytes;

    /// <summary>Measures the maps that wait. If that fails, one by one, so that only what fails is lost.</summary>
    internal void Measure()
    {
        if (_waiting.Count > 1)
        {
            try
            {
                IReadOnlyList<MapEvidence> found = board.Measure([.. _waiting.Select(w => w.Map)]);
                foreach ((var waiting, MapEvidence evidence) in _waiting.Zip(found))
                {
                    take(new MeasuredMap(waiting.Map, evidence), waiting.Known);
                }

                _waiting.Clear();
                return;
            }
            catch (Exception e) when (e is not (OperationCanceledException or Engine.Common.OutputException))
            {
                explainer.Release();
            }
        }

        foreach (var waiting in _waiting)
        {
            bool done = failures.Try(waiting.Kind, waiting.Piece, waiting.Alone, () =>
                take(new MeasuredMap(waiting.Map, board.Measure([waiting.Map])[0]), waiting.Known));
            if (!done)
            {
                explainer.Release();
            }
        }

        _waiting.Clear();
    }
}
