using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Cam;

/// <summary>Methods that weigh the feature maps of a layer: class activation maps.</summary>
internal static class CamFamily
{
    internal static IEnumerable<AttributionMethod> Methods =>
    [
        new GradCam(),
        new MeanCam(),
        new GradientTimesCam("guided-gradcam", "Guided Grad-CAM", "R. Selvaraju et al., arXiv 1610.02391", ReluRules.Guided),
        new GradientTimesCam("vanilla-gradcam", "Vanilla gradient times Grad-CAM", "as guided-gradcam, with the gradient itself",
        ReluRules.Vanilla),
        new GradCamPlusPlus(),
        new XGradCam(),
        new LayerCam(),
        new HiResCam(),
        new EigenCam(),
        new ScoreCam(),
        new AblationCam(),
    ];
}
