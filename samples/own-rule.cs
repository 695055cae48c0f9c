// LRP with a rule and a composite of one's own:   dotnet run -c Release samples/own-rule.cs -- cat.jpg
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Relevance;
using Interp.Engine.Attribution.Relevance.Parts;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend);
    NetworkInput input = NetworkInput.Read(args.Length > 0 ? args[0] : "", network)[0];

    // The first rule that takes a layer wins.
    var composite = new Composite(
        "mine",
        new RuleFor(LayerSelector.First("conv2d"), new ZBoxRule()),
        new RuleFor(LayerSelector.Name("features.2?"), new ShrunkRule(0.5)),
        new RuleFor(LayerSelector.Kind("conv2d"), new GammaRule(0.25)),
        new RuleFor(LayerSelector.Kind("linear"), new EpsilonRule()));
    var method = new LrpMethod(composite);

    int c = explainer.Predict(input)[0].Class;
    AttributionResult result = method.Explain(new AttributionRequest(explainer, input, new ClassTarget(c), method.Configure()));

    Console.WriteLine($"{network.Labels[c]}, logit {result.Score:f3}: {result.Facts.First(f => f.Name == "rules").Value}");
    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

/// <summary>What is negative in the weights counts less: z = Σ_i x_i (w⁺_ij + n·w⁻_ij) + (b⁺_j + n·b⁻_j), R_i = Σ_j x_i (w⁺_ij + n·w⁻_ij) R_j / z_j.</summary>
internal sealed class ShrunkRule(double n) : LinearRule(
    $"shrunk({n})",
    new TermGroup(1, new Term(InputPart.Own, WeightPart.Scaled(above: 1, below: n))));
