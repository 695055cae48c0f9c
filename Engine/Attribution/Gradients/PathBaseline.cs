namespace Interp.Engine.Attribution.Gradients;

/// <summary>The option of every method that follows a path: where the path starts.</summary>
internal static class PathBaseline
{
    /// <summary><c>--baseline</c>.</summary>
    public static MethodOption<Baseline> Option() => Baseline.Option(
        "baseline", "the image without evidence where the path starts; 'mean' is zero in network units", Baseline.Black, Baseline.Mean,
        Baseline.Blur, Baseline.White, Baseline.Noise);
}
