using Interp.Engine.Visualization.Optimizers;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Engine.Visualization.Transforms;

namespace Interp.Engine.Visualization;

/// <summary>How images are optimised. The defaults are lucid's, at the network's own input size.</summary>
public sealed record VisualizationOptions
{
    /// <summary>How an image depends on what is optimised.</summary>
    public ParametrizationKind Parametrization { get; init; } = ParametrizationCatalog.All.Find("fft");

    /// <summary>Its options.</summary>
    public ParametrizationOptions ParametrizationOptions { get; init; } = new();

    /// <summary>Random transforms between the image and the network, drawn anew for every step and image.</summary>
    public TransformChain Transforms { get; init; } = TransformChain.Robust;

    /// <summary>What climbs.</summary>
    public OptimizerChoice Optimizer { get; init; } = OptimizerCatalog.All.Find("adam");

    /// <summary>The learning rate, or null for the optimiser's own.</summary>
    public double? Rate { get; init; }

    /// <summary>How the rate changes from the first to the last step.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.All.Find("constant");

    /// <summary>Steps in all, shared evenly by the octaves.</summary>
    public int Steps { get; init; } = 256;

    /// <summary>The shorter side of the images, which have the proportions of the network's input; 0 for its own size. An image to start
    /// from keeps its own size.</summary>
    public int Size { get; init; }

    /// <summary>How many images are optimised together.</summary>
    public int Count { get; init; } = 1;

    /// <summary>
    /// Every image has the first one's noise and transforms, so that it becomes what it would become alone, whatever the others are: for an
    /// objective of its own for each image (<see cref="Objectives.Algebra.EachObjective"/>).
    /// </summary>
    public bool Alike { get; init; }

    /// <summary>Where random numbers start: the first image's noise and every transform.</summary>
    public ulong Seed { get; init; }

    /// <summary>Start from grey rather than from noise.</summary>
    public bool FromGrey { get; init; }

    /// <summary>Start from this image rather than from noise.</summary>
    public Imaging.RgbImage? From { get; init; }

    /// <summary>
    /// How far the images may go from <see cref="From"/>; null for any distance. Pixels are then optimised themselves, held in the ball
    /// after every step, in place of <see cref="Parametrization"/>, and the finished images are such of 8 bits. Without an image to start
    /// from they are held in 0…1 alone. With one octave and without <see cref="BlurEvery"/>.
    /// </summary>
    public ImageReach? Within { get; init; }

    /// <summary>
    /// In so many first steps, where no gradient at all reaches an image because every path goes through ReLUs that are off, those let
    /// through what
    /// pushes their input up (<see cref="Rules.ReluRules.Redirected"/>), so that a dead unit does not stay grey.
    /// </summary>
    public int RedirectedSteps { get; init; } = 16;

    /// <summary>How many sizes the image goes through, the last one its full size: coarse forms first.</summary>
    public int Octaves { get; init; } = 1;

    /// <summary>How much larger each octave is than the one before.</summary>
    public double OctaveScale { get; init; } = 1.4;

    /// <summary>The largest Euclidean norm of one image's gradient by the parameters; longer ones are shortened to it.</summary>
    public double GradientClip { get; init; } = double.PositiveInfinity;

    /// <summary>After every so many steps the images are smoothed; 0 for never.</summary>
    public int BlurEvery { get; init; }

    /// <summary>Deviation in pixels of that smoothing.</summary>
    public double BlurSigma { get; init; } = 0.5;

    /// <summary>The class whose probability is followed, or null for each image's top class.</summary>
    public int? Class { get; init; }

    /// <summary>Stop when <see cref="Class"/> has this probability on every image as <see cref="ImageCheck"/> sees it; looked at every <see
    /// cref="CheckEvery"/> steps.</summary>
    public double? UntilProbability { get; init; }

    /// <summary>Steps between two looks.</summary>
    public int CheckEvery { get; init; } = 8;

    /// <summary>Stop when the mean objective of so many steps is no larger than that of as many before them; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Whether finished images are the network's own input, to be shown to it as they are: those near a photo that have its
    /// size. What was changed by a few grey levels would be lost by resizing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="canvas">The images' size.</param>
    public bool IsPrepared(Graph.Network network, Canvas canvas) =>
        Within is not null && (canvas.Height, canvas.Width) == (network.Preprocessing.Height, network.Preprocessing.Width);
}
