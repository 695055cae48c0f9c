// Which training images made a prediction:   dotnet run -c Release samples/influence.cs -- cat.jpg photos/
// photos/ holds a folder of images for each class. The most helpful images, their estimate, and the truth by training without them.
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Influence;
using Interp.Engine.Training;
using Interp.Weights;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: influence IMAGE FOLDER");
    return 2;
}

try
{
    Network network = ModelStore.Load("vgg16-200");
    using var backend = new CpuBackend();
    using var explainer = new Explainer(network, backend);
    var features = new FeatureRun(explainer, FeatureRun.LastMaps(network));

    var folders = ClassFolders.Of(args[1]);
    (string File, int Class)[] images = [.. folders.Files.SelectMany((files, c) => files.Select(f => (f, c)))];
    float[] values = [.. images.SelectMany(i => features.Of([NetworkInput.Read(i.File, network)[0]]))];
    var train = new LabelledFeatures(features.Features, folders.Names.Length, values, [.. images.Select(i => i.Class)]);
    var problem = InfluenceProblem.Of(train, new InfluenceOptions());

    float[] asked = features.Of([NetworkInput.Read(args[0], network)[0]]);
    var test = new TestPoint(asked, problem.Answer(new TestPoint(asked, 0)).Prediction);
    double[] rises = InfluenceMethods.Influence.Scores(problem, [test]).Values[0];
    Console.WriteLine($"{folders.Names[test.Label]}, {problem.Answer(test).Probability:p1}; the loss would rise, without");
    foreach (int i in Enumerable.Range(0, rises.Length).OrderByDescending(i => rises[i]).Take(5))
    {
        double step = NewtonRemoval.Of(problem, [i]).Rise(test), truth = Retraining.Of(problem, [i]).Rise(test);
        Console.WriteLine($"{Path.GetFileName(images[i].File)}, by {truth:0.000}; estimated {step:0.000}, to first order {rises[i]:0.000}");
    }

    return 0;
}
catch (InterpException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
