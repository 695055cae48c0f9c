using System.CommandLine;
using Interp.Cli.Output;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Cli.Commands;

/// <summary><c>layers</c>: the layers of a model.</summary>
internal static class LayersCommand
{
    internal static Command Create(CliContext context) => new ProgramCommand("layers", "List the layers of a model", context, Run)
    {
        SharedOptions.Model,
        SharedOptions.Json,
    }.WithExamples("", "--model vgg16 --json");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        int size = network.Preprocessing.InputSize;
        IReadOnlyList<Shape> shapes = network.Shapes(1, size, size);
        LayerLine[] lines = [.. network.Nodes.Select(n => new LayerLine(n.Name, n.Layer.Kind, shapes[n.Id].Dims, n.ParameterCount))];
        if (run.Json)
        {
            run.WriteJson(lines, CliJson.Pretty.IReadOnlyListLayerLine);
            return ExitCodes.Done;
        }

        var table = new TextTable("layer", "kind", "output shape", "parameters#");
        foreach (LayerLine line in lines)
        {
            table.Add(line.Name, line.Kind, shapes[Array.IndexOf(lines, line)].ToString(), line.Parameters > 0
                ? Readable.Count(line.Parameters) : "");
        }

        run.Write(table);
        run.WriteLine($"{network.Name}: {lines.Length} layers, {Readable.Count(lines.Sum(l => l.Parameters))} parameters, "
            + $"{Readable.Classes(network.Classes)}, input {size}x{size}, {network.OutputActivation.Name}");
        return ExitCodes.Done;
    }
}
