using System.CommandLine;

namespace Interp.Cli.Visualization;

/// <summary>What is kept of the way to the image.</summary>
internal static class FrameFlags
{
    private const int AnimationFrames = 64;

    private static readonly Option<int> s_frames = TypedOption.Whole(
        "--frames", "Write the image every N steps to frames/; 0: never", 0, 0, 1_000_000);

    private static readonly Option<string> s_animate = TypedOption.Choice(
        "--animate", "Write the optimisation as animation.png", null, "apng");

    internal static IEnumerable<Option> All => [s_frames, s_animate];

    internal static FramePlan Read(Invocation run, int steps) => run.Get(s_animate) is null
        ? new FramePlan(run.Get(s_frames), run.Get(s_frames) > 0, false)
        : new FramePlan(run.Get(s_frames) is > 0 and var every ? every : Math.Max(1, steps / AnimationFrames), run.Get(s_frames) > 0, true);
}

/// <param name="Every">Steps from one frame to the next; 0 for no frames.</param>
/// <param name="Files">Whether each frame becomes a file.</param>
/// <param name="Animation">Whether all become an animation.</param>
internal sealed record FramePlan(int Every, bool Files, bool Animation)
{
    internal static FramePlan None { get; } = new(0, false, false);
}
