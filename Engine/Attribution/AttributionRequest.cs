using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution;

/// <summary>What to explain, and how.</summary>
/// <param name="Explainer">The network and where it runs.</param>
/// <param name="Input">The picture.</param>
/// <param name="Target">The scalar to explain.</param>
/// <param name="Options">The method's options.</param>
public sealed record AttributionRequest(Explainer Explainer, NetworkInput Input, Target Target, OptionValues Options)
{
    /// <summary>Where random numbers start, for methods that use them.</summary>
    public ulong Seed { get; init; }

    /// <summary>Told the done share of the work, 0 to 1, by methods that take long.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Cancels within one layer.</summary>
    public CancellationToken Cancel { get; init; }
}
