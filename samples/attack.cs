// Changes a photo until the network errs:   dotnet run -c Release samples/attack.cs -- cat.jpg [METHOD] [EPSILON] [CLASS]
// What is saved has the photo's own size and deceives the network through its own resizing and cropping.
#:project ../Weights/Weights.csproj

using Interp.Engine.Adversarial;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Weights;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: attack IMAGE [METHOD] [EPSILON] [CLASS]");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var model = new AttackedModel(network, backend);
    var surface = new FileSurface(network, ImageFile.Read(args[0]));
    model.Show(surface);
    int from = Top(model.Logits(surface.Clean)).Class;
    int? target = args.Length > 3 ? network.Labels.Find(args[3]) : null;

    Attack attack = Attacks.All.Find(args.Length > 1 ? args[1] : "pgd");
    var epsilon = Epsilon.Parse(args.Length > 2 ? args[2] : "4/255");
    AttackResult result = Attacker.Run(model, surface, attack, new AttackGoal(from, target), epsilon: epsilon);
    ImageFile.WritePng("adversarial.png", result.Image);

    int noise = NoiseControl.Successes(model, surface, result.Goal, PixelNorm.LInf, epsilon.Levels, trials: 10);
    Console.WriteLine($"before: {Text(result.Before)}; after, read back: {Text(result.After)}; {(result.Success ? "deceived" : "stands")}");
    Console.WriteLine($"{result.Work.Forward} forward and {result.Work.Backward} backward passes; random signs as large: {noise} of 10");
    return 0;

    Prediction Top(float[] logits) => Prediction.Top(logits, network.Labels, network.OutputActivation, 1)[0];
    string Text(float[] logits) => $"{Top(logits).Label} {Top(logits).Probability:p1}";
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
