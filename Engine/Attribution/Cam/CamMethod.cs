using System.Collections.Immutable;
using Interp.Engine.Attribution.Gradients;
using Interp.Engine.Backends;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// A class activation map: the feature maps A^k of a layer, weighed for the target and added up, ReLU, enlarged to the image bilinearly
/// with half-pixel centres. The values are the enlarged map, <c>[1,H,W]</c>, never rescaled; array <c>cam</c> is the map itself,
/// <c>[1,h,w]</c>. With several layers, each map is scaled to 0…1 and the values are the mean of the enlarged maps; array <c>cam-LAYER</c>
/// is each layer's own map, not scaled. All sums are float64 in one order. A new one is one file that says how maps are weighed.
/// </summary>
/// <param name="name">The method's name.</param>
/// <param name="title">The name in words.</param>
/// <param name="summary">What it computes, in one line.</param>
/// <param name="paper">Where it comes from.</param>
/// <param name="formula">What it computes, as a formula in the maps A^k and their gradients g^k.</param>
internal abstract class CamMethod(string name, string title, string summary, string paper, string formula) : AttributionMethod
{
    private static readonly ReluRuleOption s_rule = new(ReluRules.Vanilla);
    private static readonly MethodOption<bool> s_noRelu = MethodOption.Switch(
        "no-relu", "keep what speaks against the target: the signed map");

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Title => title;

    /// <inheritdoc/>
    public override string Summary => summary;

    /// <inheritdoc/>
    public override string Formula => formula;

    /// <inheritdoc/>
    public override string Paper => paper;

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options =>
        [CamLayers.Option, .. HasRelu ? (MethodOption[])[s_noRelu] : [], .. UsesGradient ? s_rule.Options : [], .. OwnOptions];

    /// <summary>Whether <see cref="FeatureMaps.Gradient"/> is wanted.</summary>
    public virtual bool UsesGradient => true;

    /// <summary>Whether the map is the same whatever the target.</summary>
    public virtual bool IsClassAgnostic => false;

    /// <summary>Whether a ReLU follows the sum unless it is switched off.</summary>
    protected virtual bool HasRelu => true;

    /// <summary>Options apart from those of every class activation map.</summary>
    protected virtual IReadOnlyList<MethodOption> OwnOptions => [];

    /// <inheritdoc/>
    public override AttributionKind KindWith(OptionValues options) => IsSigned(options) ? AttributionKind.SignedMap : AttributionKind.Map;

    /// <inheritdoc/>
    public override IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values) => UsesGradient ? s_rule.Idle(values) : [];

    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request) => new(1, UsesGradient ? 1 : 0);

    /// <summary>The weighted sum of a layer's maps before the ReLU.</summary>
    /// <param name="maps">The layer's maps and, if <see cref="UsesGradient"/>, their gradients.</param>
    protected abstract RawMap Weigh(FeatureMaps maps);

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        CamLayers layers = CamLayers.Of(request);
        bool signed = IsSigned(request.Options);
        AppliedRule applied = ReluRuleOption.In(request, layers.Nodes);
        IReadOnlyList<CamMap> maps = Maps(request, layers, applied.Rule, relu: HasRelu && !signed);
        return new Explanation(CamMap.Fuse(maps, (request.Input.Image.Height, request.Input.Image.Width), signed))
        {
            Facts = [.. Facts(layers, maps), .. applied.Facts],
            Arrays = Arrays(maps),
            Diagnosis = CamDiagnosis.Of(maps),
            Remarks = applied.Remarks,
            ConstantScore = maps.Select(m => m.Raw.ConstantScore).FirstOrDefault(said => said is not null),
        };
    }

    /// <summary>The map of each layer.</summary>
    internal IReadOnlyList<CamMap> Maps(AttributionRequest request, CamLayers layers, ReluRule rule, bool relu)
    {
        Session session = request.Forward([.. layers.Nodes]);
        if (UsesGradient)
        {
            session.Backward(rule, request.Cancel, request.Target.Seed(session));
        }

        // Read before any map is weighed: weighing may run the network on other inputs.
        FeatureMaps[] features = [.. layers.Nodes.Select(n => new FeatureMaps(
            request, n, session.ShapeOf(n), session.Activation(n), UsesGradient ? session.Gradient(n) : []))];
        return [.. features.Select(f => Finish(f, Weigh(f), relu))];
    }

    internal ImmutableArray<Fact> Facts(CamLayers layers, IReadOnlyList<CamMap> maps)
    {
        var facts = ImmutableArray.CreateBuilder<Fact>();
        facts.Add(new Fact("layer", string.Join(",", layers.Nodes.Select(n => n.Name))));
        facts.Add(new Fact("layer_choice", layers.Choice));
        if (IsClassAgnostic)
        {
            facts.Add(new Fact("class_agnostic", true));
        }

        foreach (CamMap map in maps)
        {
            string prefix = maps.Count == 1 ? "" : $"{map.Layer.Name}/";
            facts.Add(new Fact($"{prefix}map_size", $"{map.Size.Height}x{map.Size.Width}"));
            facts.Add(new Fact($"{prefix}minimum_before_relu", map.Raw.Values.Min()));
            facts.Add(new Fact($"{prefix}maximum_before_relu", map.Raw.Values.Max()));
            facts.AddRange(map.Raw.Facts.Select(f => f with { Name = prefix + f.Name }));
        }

        return facts.ToImmutable();
    }

    internal static ImmutableArray<NamedArray> Arrays(IReadOnlyList<CamMap> maps) =>
        [.. maps.Select(m =>
        new NamedArray(maps.Count == 1 ? "cam" : $"cam-{m.Layer.Name}", new Shape(1, m.Size.Height, m.Size.Width), m.Values))];

    private CamMap Finish(FeatureMaps features, RawMap raw, bool relu)
    {
        float[] values = Array.ConvertAll(raw.Values, v => (float)(relu && v < 0 ? 0 : v));
        bool isEmpty = Array.TrueForAll(values, v => v == 0);
        return new CamMap(features.Layer, features.Size, values, raw, isEmpty ? CamDiagnosis.WhyEmpty(this, features, raw) : null);
    }

    private bool IsSigned(OptionValues options) => HasRelu && options.Get(s_noRelu);
}
