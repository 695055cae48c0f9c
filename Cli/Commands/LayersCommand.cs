using System.CommandLine;
using Interp.Cli.Output;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Cli.Commands;

/// <summary><c>layers</c>: the layers of a model.</summary>
internal static class LayersCommand
{
    private static readonly Option<bool> s_modules = TypedOption.Switch(
        "--modules", "List the modules of several layers instead, each with the layer that its name stands for");

    internal static Command Create(CliContext context) => new ProgramCommand("layers", "List the layers of a model", context, Run)
    {
        SharedOptions.Model,
        s_modules,
        SharedOptions.Json,
    }.WithExamples("", "--model vgg16 --json");

    private static int Run(Invocation run)
    {
        Network network = run.LoadModel();
        IReadOnlyList<Shape> shapes = network.OwnShapes;
        if (run.Get(s_modules))
        {
            Modules(run, network, shapes);
            return ExitCodes.Done;
        }

        LayerLine[] lines =
            [.. network.Nodes.Select(n => new LayerLine(n.Name, n.Layer.Kind, shapes[n.Id].Dims, n.ParameterCount, Merged(network, n)))];
        if (run.Json)
        {
            run.WriteJson(lines, CliJson.Pretty.IReadOnlyListLayerLine);
            return ExitCodes.Done;
        }

        var table = new TextTable("layer", "kind", "output shape", "parameters#");
        foreach (LayerLine line in lines)
        {
            table.Add(
                line.Name,
                line.Merged is null ? line.Kind : $"{line.Kind} with {line.Merged} merged in",
                shapes[Array.IndexOf(lines, line)].ToString(),
                line.Parameters > 0 ? Readable.Count(line.Parameters) : "");
        }

        run.Write(table);
        Preprocessing own = network.Preprocessing;
        string modules = network.Aliases.Count > 0 ? $", {Readable.Count(network.Aliases.Count)} modules" : "";
        run.WriteLine($"{network.Name}: {lines.Length} layers{modules}, {Readable.Count(lines.Sum(l => l.Parameters))} parameters, "
            + $"{Readable.Classes(network.Classes)}, "
            + $"input {Readable.Input(own.Height, own.Width, network.InputChannels)}"
            + (network.Classes == 0 ? "" : $", {network.OutputActivation.Name}"));
        return ExitCodes.Done;
    }

    private static void Modules(Invocation run, Network network, IReadOnlyList<Shape> shapes)
    {
        ModuleLine[] lines =
            [.. network.Aliases.Select(a => new ModuleLine(a.Key, a.Value, shapes[network.Find(a.Value).Id].Dims))];
        if (run.Json)
        {
            run.WriteJson(lines, CliJson.Pretty.IReadOnlyListModuleLine);
            return;
        }

        var table = new TextTable("module", "is the layer", "output shape");
        foreach (ModuleLine line in lines)
        {
            table.Add(line.Name, line.Layer, shapes[network.Find(line.Layer).Id].ToString());
        }

        run.Write(table);
        run.WriteLine($"{network.Name}: {lines.Length} modules of several layers");
    }

    /// <summary>The batch norm behind a convolution or linear layer that has taken it in, of which the name alone is left.</summary>
    private static string? Merged(Network network, Node node) => node.Layer is Conv2d or Linear
        ? network.Nodes.FirstOrDefault(n => n.Layer is Identity && n.Inputs[0] == node.Id)?.Name
        : null;
}
