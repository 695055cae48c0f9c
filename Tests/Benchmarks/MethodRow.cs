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

    /// <summary>
    /// What a library costs with its own Python, in forward passes of PyTorch 2.14 on the same machine: vgg16-200 at 224×224, one photo,
    /// two threads of AVX2, batches of 8 where it has them; captum 0.9.0, zennit 0.5.1, pytorch-grad-cam 1.5.7.
    /// </summary>
    public string Peer { get; init; } = "–";

    /// <summary>The method with its options: unlike those of all other rows with the same twin or with none.</summary>
    public string Title => Options.Length > 0 ? $"{Method} {Options}" : Method;

    /// <summary>All rows.</summary>
    public static MethodRow[] All { get; } =
    [
        new("vanilla", CaptumGradients.Saliency) { Peer = "captum 1.7" },
        new("guided", CaptumHooks.GuidedBackprop) { Peer = "captum 1.9" },
        new("deconvnet", CaptumHooks.Deconvolution),
        new("grad-x-input", CaptumGradients.InputXGradient),
        new("fullgrad"),
        new("smoothgrad", CaptumGradients.NoiseTunnel) { IsLong = true },
        new("smoothgrad") { IsLong = true, Options = "--samples 25", Peer = "captum 40" },
        new("smoothgrad-squared") { IsLong = true },
        new("vargrad") { IsLong = true },
        new("integrated-gradients", CaptumGradients.IntegratedGradients) { IsLong = true, Peer = "captum 81" },
        new("expected-gradients") { IsLong = true },
        new("gradientshap", CaptumGradients.GradientShap) { IsLong = true },
        new("blur-ig") { IsLong = true },
        new("guided-ig") { IsLong = true },
        new("deeplift", CaptumHooks.DeepLift) { Peer = "captum 4.8" },
        new("lrp", CaptumHooks.Lrp) { Options = "--composite epsilon" },
        new("lrp") { Peer = "zennit 11.3" },
        new("lrp") { Options = "--composite epsilon-plus", Peer = "zennit 5.0" },
        new("lrp") { Options = "--composite epsilon-alpha2-beta1", Peer = "zennit 9.2" },
        new("lrp") { Options = "--composite epsilon-plus-flat" },
        new("lrp") { Options = "--composite epsilon-alpha2-beta1-flat" },
        new("lrp") { Options = "--composite gamma" },
        new("lrp") { Options = "--composite z-plus" },
        new("lrp") { Options = "--composite alpha2-beta1" },
        new("lrp") { Options = "--composite flat" },
        new("deep-taylor"),
        new("excitation-backprop"),
        new("excitation-backprop") { Options = "--contrastive true" },
        new("gradcam", ClassActivationMaps.GradCam) { Peer = "pytorch-grad-cam 2.4" },
        new("gradcam", ClassActivationMaps.LayerGradCam),
        new("gradcam++", ClassActivationMaps.GradCamPlusPlus),
        new("xgradcam", ClassActivationMaps.XGradCam),
        new("layercam", ClassActivationMaps.LayerCam),
        new("hirescam", ClassActivationMaps.HiResCam),
        new("eigencam", ClassActivationMaps.EigenCam),
        new("guided-gradcam", ClassActivationMaps.GuidedGradCam),
        new("scorecam", ClassActivationMaps.ScoreCam)
        {
            IsLong = true, Part = 32, Brief = "--channels 16", Peer = "pytorch-grad-cam 435",
        },
        new("ablationcam", ClassActivationMaps.AblationCam) { IsLong = true, Part = 8, Peer = "pytorch-grad-cam 509" },
        new("ablationcam") { IsLong = true, Options = "--rerun true" },
        new("occlusion", Perturbations.Occlusion) { IsLong = true, Part = 32, Brief = "--stride 32", Peer = "captum 498" },
        new("rise", Perturbations.Rise) { IsLong = true, Part = 10, Brief = "--samples 16" },
        new("lime", Perturbations.Lime) { IsLong = true, Part = 32, Brief = "--samples 14" },
        new("kernelshap", Perturbations.KernelShap) { IsLong = true, Part = 32, Brief = "--samples 14" },
        new("shapley-sampling") { IsLong = true, Brief = "--samples 1" },
        new("hsic") { IsLong = true },
        new("sobol") { IsLong = true },
        new("sufficient") { IsLong = true, Brief = "--passes 32" },
    ];

    /// <summary>The method's options with the given text's values.</summary>
    public OptionValues Configure(bool brief) => AttributionCatalog.All.Find(Method).Configure(
        $"{Options} {(brief ? Brief : "")}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToDictionary(
        o => o[0][2..], o => o[1]));
}
