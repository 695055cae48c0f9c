// One level below the methods: a network run forward and backward by hand.   dotnet run -c Release samples/session.cs -- cat.jpg
#:project ../Weights/Weights.csproj

using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Rules;
using Interp.Weights;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: session IMAGE");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend(new CpuOptions { Threads = 2, Memory = MemoryUse.Low });
    NetworkInput input = NetworkInput.Read(args[0], network)[0];

    Node layer = network.Find("features.29");
    using Session session = backend.Open(network, new SessionOptions { Keep = [layer] });
    session.Forward(input.Tensor);
    float[] logits = session.Logits();
    float[] maps = session.Activation(layer);

    var seed = new float[network.Classes];
    seed[Array.IndexOf(logits, logits.Max())] = 1;
    foreach (ReluRule rule in ReluRules.All)
    {
        session.Backward(rule, CancellationToken.None, new Seed(network.Output, seed));
        float[] gradient = session.InputGradient();
        Console.WriteLine(
            $"{rule.Name,-10} {rule.Formula,-14} largest {gradient.Max(MathF.Abs):g4}, at {layer.Name} "
            + $"{session.Gradient(layer).Max(MathF.Abs):g4}");
    }

    Console.WriteLine(
        $"{layer.Name} {session.ShapeOf(layer)}: {maps.Count(a => a > 0) / (double)maps.Length:p1} of the values are above 0");
    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
