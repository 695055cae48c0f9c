using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Goldens;

/// <summary>Single operations at odd sizes, ties and NaN included, against PyTorch's float64 results.</summary>
[TestClass]
public sealed class OperationTests
{
    private static readonly Dictionary<string, OpCase> Cases =
        Golden.Json<OpCase[]>("ops.json").Concat(Golden.Json<OpCase[]>("layers.json")).ToDictionary(c => c.Name);

    public static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Reference_Operation_MatchesPyTorch(string name)
    {
        OpCase c = Cases[name];
        Network network = Build(c);
        using var session = new ReferenceSession(network, Options(c));
        session.ForwardExact(c.X);
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, OpCase.Floats(c.Seed)));
        const string Reason = "float64 on both sides, sums of at most some hundred terms in another order";
        TensorAssert.RelativeL2(c.Y, session.ActivationExact(network.Output), 1e-14, Reason);
        TensorAssert.RelativeL2(c.Gradient, session.GradientExact(network.Input), 1e-14, Reason);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Cpu_Operation_MatchesPyTorch(string name)
    {
        OpCase c = Cases[name];
        Network network = Build(c);
        using var backend = new CpuBackend();
        using Session session = backend.Open(network, Options(c));
        session.Forward(OpCase.Floats(c.X));
        session.Backward(ReluRules.Vanilla, default, new Seed(network.Output, OpCase.Floats(c.Seed)));
        const string Reason = "float32 with sums of at most some hundred terms";
        TensorAssert.RelativeL2(c.Y, session.Logits(), 1e-6, Reason);
        TensorAssert.RelativeL2(c.Gradient, session.InputGradient(), 1e-6, Reason);
    }

    private static Network Build(OpCase c)
    {
        var builder = new NetworkBuilder(c.XShape[1]);
        if (c.XShape.Length == 4)
        {
            builder.Then("layer", c.Layer(), c.Weights()).Then("flat", new Flatten());
        }
        else
        {
            builder.Then("flat", new Flatten()).Then("layer", c.Layer(), c.Weights());
        }

        return builder.Build(c.Name, new Preprocessing { InputSize = c.XShape.Length == 4 ? Math.Max(c.XShape[2], c.XShape[3]) : 1 });
    }

    private static SessionOptions Options(OpCase c) => c.XShape.Length == 4
        ? new SessionOptions { Batch = c.XShape[0], Height = c.XShape[2], Width = c.XShape[3] }
        : new SessionOptions { Batch = c.XShape[0] };
}
