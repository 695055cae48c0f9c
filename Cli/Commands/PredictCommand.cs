using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Cli.Commands;

/// <summary><c>predict</c>: what a model sees in images.</summary>
internal static class PredictCommand
{
    private static readonly Option<int> s_top = TypedOption.Whole(
        "--top", "Classes to list for each image, or channels of a network without classes", 5, 1, 1_000_000);

    private static readonly Option<string> s_logits = TypedOption.Text(
        "--logits-npy", "Write all logits to this file, float32 [N,classes], or the output as it is", "FILE");

    internal static Command Create(CliContext context) => new ProgramCommand("predict", "Classify images", context, Run)
    {
        SharedOptions.Images,
        Headings.Output,
        s_top,
        s_logits,
        SharedOptions.Json,
        Headings.Engine,
        SharedOptions.ImageEngine,
    }.WithExamples("cat.jpg", "photos/ --top 1 --json", "cat.jpg dog.png --model vgg16 --logits-npy logits.npy");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        using IBackend backend = run.OpenBackend();
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
        var inputs = new InputList(run);
        var predicted = new List<PredictedImage>();
        var logits = new List<float>();
        Shape? shape = null;
        int notFinite = 0;
        run.Progress("predicting").Run(report =>
        {
            inputs.ForEach(network, (i, input, part) =>
            {
                report(Path.GetFileName(input.Path), i, inputs.Files.Count);
                Session session = explainer.Forward(input, [], run.Cancel);
                float[] z = session.Logits();
                string name = part is null ? input.Path : $"{input.Path}[{part}]";
                shape = OutputSummary.Same(shape, session.ShapeOf(network.Output), name, run.IsGiven(s_logits) ? s_logits.Name : null);
                logits.AddRange(z);
                if (!z.All(float.IsFinite) && notFinite++ == 0)
                {
                    string what = network.Classes > 0 ? "its probabilities mean" : "it means";
                    run.Note($"{name}: {NotFinite.Reason(explainer, input, z, run.Cancel)}; {what} nothing");
                }

                if (network.Classes == 0)
                {
                    predicted.Add(new PredictedImage(name, [], OutputSummary.Of(z, shape!.Value, run.Get(s_top))));
                    return;
                }

                predicted.Add(new PredictedImage(name, [.. Prediction.Top(z, network.Labels, network.OutputActivation, run.Get(s_top))
                    .Select(PredictedClass.Of)]));
            });
            return predicted.Count;
        });

        if (notFinite > 1)
        {
            run.Note($"the logits of {notFinite - 1} more images are not finite");
        }

        if (run.Get(s_logits) is { } file)
        {
            OutputFile.Write(file, "--logits-npy", s =>
                Npy.Write(s, (shape ?? network.OwnShapes[^1]).WithBatch(predicted.Count), [.. logits]));
            if (inputs.ExitCode != ExitCodes.Done)
            {
                string list = run.Json ? "JSON" : "table";
                run.Note($"{file}: its {predicted.Count} rows are the images of the {list} in that order; what could not be read has none");
            }
        }

        Show(run, network, predicted);
        return inputs.ExitCode;
    }

    private static void Show(Invocation run, Network network, List<PredictedImage> predicted)
    {
        if (run.Json)
        {
            run.WriteJson(predicted, CliJson.Pretty.IReadOnlyListPredictedImage);
            return;
        }

        if (network.Classes == 0)
        {
            ShowOutputs(run, network, predicted);
            return;
        }

        var table = new TextTable("image", "class#", "label", "logit#", "probability#");
        foreach (PredictedImage image in predicted)
        {
            string name = Readable.Path(image.Image);
            foreach (PredictedClass c in image.Top)
            {
                table.Add(name, $"{c.Class}", c.Label, $"{c.Logit:0.000}", Readable.Percent(c.Probability));
                name = "";
            }
        }

        if (predicted.Count > 0)
        {
            run.Write(table);
            if (network.OutputActivation == OutputActivation.Sigmoid)
            {
                run.Note(network.Classes == 1
                    ? "one output: the probability is that of the class (sigmoid); its absence has 1 - p"
                    : "every class has a probability of its own (sigmoid); they do not add up to 1");
            }
        }
    }

    private static void ShowOutputs(Invocation run, Network network, List<PredictedImage> predicted)
    {
        var table = new TextTable("image", "channel#", "mean#", "minimum#", "maximum#", "maximum at");
        foreach (PredictedImage image in predicted)
        {
            string name = Readable.Path(image.Image);
            foreach (OutputChannel c in image.Output!.Channels)
            {
                string place = c.Y is null ? "" : $"{c.Y}, {c.X}";
                table.Add(name, $"{c.Channel}", Readable.Number(c.Mean), Readable.Number(c.Minimum), Readable.Number(c.Maximum), place);
                name = "";
            }
        }

        if (predicted.Count > 0)
        {
            run.Write(table);
            run.Note($"{network.Name} has no classes: these are the channels of its output '{network.Output.Name}', of shape "
                + $"{new Shape([1, .. predicted[0].Output!.Shape])}, with the largest means; 'saliency --unit "
                + $"{network.Output.Name}:CHANNEL' explains one");
        }
    }
}
