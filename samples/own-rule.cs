// LRP with a rule and a composite of one's own:   dotnet run -c Release samples/own-rule.cs -- cat.jpg tabby
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

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: own-rule IMAGE CLASS");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend);
    NetworkInput input = NetworkInput.Read(args[0], network)[0];

    // The first rule that takes a layer wins.
    var composite = new Composite(
        "mine",
        new RuleFor(LayerSelector.First("conv2d"), new ZBoxRule()),
        new RuleFor(LayerSelector.Name("features.2?"), new ShrunkRule(0.5)),
        new RuleFor(LayerSelector.Kind("conv2d"), new GammaRule(0.25)),
        new RuleFor(LayerSelector.Kind("linear"), new EpsilonRule()));
    var method = new LrpMethod(composite);

    int c = network.Labels.Find(args[1]);
    AttributionResult result = method.Explain(new AttributionRequest(explainer, input, new ClassTarget(c), method.Configure()));

    Console.WriteLine($"{network.Labels[c]}, logit {result.Score:f3}: {result.Facts.First(f => f.Name == "rules").Value}");
    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

/// <summary>Negative weights count n times: R_i = Σ_j x_i v_ij R_j / z_j, v = w⁺ + n·w⁻, z_j = Σ_i x_i v_ij + b⁺_j + n·b⁻_j.</summary>
internal sealed class ShrunkRule(double n) : LinearRule(
    $"shrunk({n})",
    new TermGroup(1, new Term(InputPart.Own, WeightPart.Scaled(above: 1, below: n))));
