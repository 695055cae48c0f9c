using Interp.Engine.Attribution.Perturbation.Regions;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>Methods that change the image and look at what the target does.</summary>
internal static class PerturbationFamily
{
    internal static IEnumerable<AttributionMethod> Methods =>
    [
        new Occlusion(),
        new Rise(),
        new Hsic(),
        new Sobol(),
        new Lime(),
        new KernelShap(),
        new ShapleySampling(),
        new SufficientRegions(),
    ];
}
