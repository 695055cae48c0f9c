using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Backends;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// The gradient at the input times Grad-CAM, element by element in each channel: G ⊙ up(L / 0…1), <c>[C,H,W]</c>. L is Grad-CAM after its
/// ReLU, scaled to 0…1 at its layer's own size, (L − min) / (max − min), then enlarged bilinearly; always from the true gradient. With
/// guided backpropagation as G it is Guided Grad-CAM (R. Selvaraju et al., section 3.2). Array <c>cam</c> is L, not scaled.
/// </summary>
/// <param name="name">The method's name.</param>
/// <param name="title">The name in words.</param>
/// <param name="paper">Where it comes from.</param>
/// <param name="rule">The ReLU rule of G unless another is asked for.</param>
internal sealed class GradientTimesCam(string name, string title, string paper, ReluRule rule) : AttributionMethod
{
    private static readonly GradCam s_cam = new();
    private readonly ReluRuleOption _rule = new(rule);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Title => title;

    /// <inheritdoc/>
    public override string Summary => $"gradient with respect to the input, ReLUs let through {rule.Formula}, times Grad-CAM in 0…1";

    /// <inheritdoc/>
    public override string Formula => $"G ⊙ L, G = ∂S/∂x with {rule.Formula} behind every ReLU, L Grad-CAM in 0…1, enlarged";

    /// <inheritdoc/>
    public override string Paper => paper;

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Sensitivity;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [CamLayers.Option, .. _rule.Options];

    /// <inheritdoc/>
    public override IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values) => _rule.Idle(values);

    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request) => new(1, 2);

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        CamLayers layers = CamLayers.Of(request);
        IReadOnlyList<CamMap> maps = s_cam.Maps(request, layers, ReluRules.Vanilla, relu: true);
        CamMap[] scaled = [.. maps.Select(m => m with { Values = m.Scaled(signed: false) })];
        float[] cam = CamMap.Fuse(scaled, (request.Input.Image.Height, request.Input.Image.Width), signed: false);
        AppliedRule applied = ReluRuleOption.In(request, request.Network.Input);
        float[] values = request.Gradient(applied.Rule);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= cam[i % cam.Length];
        }

        return new Explanation(values)
        {
            Facts = [.. s_cam.Facts(layers, maps), .. applied.Facts],
            Arrays = CamMethod.Arrays(maps),
            Diagnosis = CamDiagnosis.Of(maps),
            Remarks = applied.Remarks,
        };
    }
}
