using System.CommandLine;
using Interp.Cli.Commands;

namespace Interp.Cli;

internal static class Program
{
    internal static RootCommand BuildRoot(CliContext context) => CommandLine.Root(
        "Shows what convolutional networks see: which pixels make a network say what it says.",
        [
            SaliencyCommand.Create(context),
            EvaluateCommand.Create(context),
            VisualizeCommand.Create(context),
            GalleryCommand.Create(context),
            TopImagesCommand.Create(context),
            UnitCommand.Create(context),
            PredictCommand.Create(context),
            MethodsCommand.Create(context),
            ModelsCommand.Create(context),
            LayersCommand.Create(context),
            ConvertCommand.Create(context),
            BenchCommand.Create(context),
            DoctorCommand.Create(context),
        ]);

    private static Task<int> Main(string[] args)
    {
        NativeVariant.HandOver();
        CliContext context = CliContext.ForProcess();
        return CommandLine.RunAsync(BuildRoot(context), args, context);
    }
}
