using Interp.Benchmarks.TorchMethods;
using Interp.Engine.Attribution;

namespace Interp.Benchmarks;

/// <summary>One method, and what a user of another library runs for it.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Twin">What the other library runs; null where none of them has it or its passes are not like ours.</param>
internal sealed record MethodRow(string Method, TorchMethod? Twin = null)
{
    /// <summary>Options other than the defaults, as a user writes them: <c>--composite epsilon</c>.</summary>
    public string Options { get; init; } = "";

    /// <summary>Options that leave out most passes but not the memory that they need.</summary>
    public string Brief { get; init; } = "";

    /// <summary>1 for a method of one or two passes; else it runs once on our side, and this share of the other's loop, before and after
    /// ours.</summary>
    public int Part { get; init; } = 1;

    /// <summary>Whether it takes too long for many rounds.</summary>
    public bool IsLong { get; init; }

    /// <summary>The method with its options: unlike those of all other rows with the same twin.</summary>
    public string Title => Options.Length > 0 ? $"{Method} {Options}" : Method;

    /// <summary>All rows.</summary>
    public static MethodRow[] All { get; } =
    [
        new("vanilla", CaptumGradients.Saliency),
        new("guided", CaptumHooks.GuidedBackprop),
        new("deconvnet", CaptumHooks.Deconvolution),
        new("grad-x-input", CaptumGradients.InputXGradient),
        new("fullgrad"),
        new("smoothgrad", CaptumGradients.NoiseTunnel) { IsLong = true },
        new("integrated-gradients", CaptumGradients.IntegratedGradients) { IsLong = true },
        new("gradientshap", CaptumGradients.GradientShap) { IsLong = true },
        new("blur-ig") { IsLong = true },
        new("guided-ig") { IsLong = true },
        new("deeplift", CaptumHooks.DeepLift),
        new("lrp", CaptumHooks.Lrp) { Options = "--composite epsilon" },
        new("lrp"),
        new("deep-taylor"),
        new("excitation-backprop"),
        new("gradcam", ClassActivationMaps.GradCam),
        new("gradcam", ClassActivationMaps.LayerGradCam),
        new("gradcam++", ClassActivationMaps.GradCamPlusPlus),
        new("xgradcam", ClassActivationMaps.XGradCam),
        new("layercam", ClassActivationMaps.LayerCam),
        new("hirescam", ClassActivationMaps.HiResCam),
        new("eigencam", ClassActivationMaps.EigenCam),
        new("guided-gradcam", ClassActivationMaps.GuidedGradCam),
        new("scorecam", ClassActivationMaps.ScoreCam) { IsLong = true, Part = 32, Brief = "--channels 16" },
        new("ablationcam", ClassActivationMaps.AblationCam) { IsLong = true, Part = 8 },
        new("occlusion", Perturbations.Occlusion) { IsLong = true, Part = 32, Brief = "--stride 32" },
        new("rise", Perturbations.Rise) { IsLong = true, Part = 10, Brief = "--samples 16" },
        new("lime", Perturbations.Lime) { IsLong = true, Part = 32, Brief = "--samples 14" },
        new("kernelshap", Perturbations.KernelShap) { IsLong = true, Part = 32, Brief = "--samples 14" },
    ];

    /// <summary>The method's options with the given text's values.</summary>
    public OptionValues Configure(bool brief) => AttributionCatalog.All.Find(Method).Configure(
        $"{Options} {(brief ? Brief : "")}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToDictionary(
        o => o[0][2..], o => o[1]));
}
