using Interp.Cli.Commands;

namespace Interp.Cli;

internal static class Program
{
    internal static ProgramRoot BuildRoot(CliContext context) => new ProgramRoot(
        "Shows what image classifiers see: which pixels a class score comes from, what a unit has learned, and whether the answer holds.",
        context)
    {
        "Explain images",
        SaliencyCommand.Create(context),
        AttackCommand.Create(context),
        EvaluateCommand.Create(context),
        InfluenceCommand.Create(context),
        PredictCommand.Create(context),
        "See what units and classes have learned",
        VisualizeCommand.Create(context),
        GalleryCommand.Create(context),
        TopImagesCommand.Create(context),
        UnitCommand.Create(context),
        DissectCommand.Create(context),
        ConceptsCommand.Create(context),
        TableCommand.Create(context),
        SiteCommand.Create(context),
        "What there is",
        MethodsCommand.Create(context),
        ModelsCommand.Create(context),
        LayersCommand.Create(context),
        LabelsCommand.Create(context),
        "Models and machine",
        ConvertCommand.Create(context),
        TrainHeadCommand.Create(context),
        BenchCommand.Create(context),
        DoctorCommand.Create(context),
    }.WithExamples("predict photos/ --top 3", "saliency cat.jpg --method guided,gradcam", "visualize --layer features.28 --channel 264");

    private static Task<int> Main(string[] args)
    {
        NativeVariant.HandOver();
        CliContext context = CliContext.ForProcess();
        return CommandLine.RunAsync(BuildRoot(context), args, context);
    }
}
