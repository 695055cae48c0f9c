using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Score-CAM: w_k = S(x ⊙ M^k), M^k the enlarged map A^k scaled to 0…1, x in normalised units, so that what is masked becomes the mean
/// colour; L = ReLU(Σ_k w_k A^k). For a class, S is its probability as in the official code, also when its logit is explained (the
/// paper's formula is the increase over a baseline, and other libraries take a softmax over the channels); for any other target it is the
/// target itself. Constant maps are skipped. One forward pass for each map, 512 for VGG; with N channels only the N maps of the largest
/// standard deviation are used (Faster-Score-CAM), the others weigh 0.
/// </summary>
internal sealed class ScoreCam() : CamMethod(
    "scorecam", "Score-CAM",
    "feature maps weighed by the class's probability when only what they mark is left of the image, ReLU; one forward pass a map",
    "H. Wang et al., arXiv 1910.01279",
    "ReLU(Σ_k w_k A^k), w_k = p(x ⊙ M^k), M^k the map A^k in 0…1, enlarged, p the class's probability")
{
    private static readonly MethodOption<int> s_channels = MethodOption.Whole(
        "channels", "how many maps, those that vary most first, one forward pass each (512 maps in VGG); 0 for all", 0, 0, int.MaxValue);

    /// <inheritdoc/>
    public override bool UsesGradient => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<MethodOption> OwnOptions => [s_channels];

    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request)
    {
        int wanted = request.Options.Get(s_channels);
        return new Work(1 + CamLayers.Of(request).Channels(request).Sum(c => (long)(wanted > 0 ? Math.Min(c, wanted) : c)), 0);
    }

    /// <inheritdoc/>
    protected override RawMap Weigh(FeatureMaps maps)
    {
        AttributionRequest request = maps.Request;
        int wanted = request.Options.Get(s_channels);
        int[] channels = Varying(maps);
        if (wanted > 0 && wanted < channels.Length)
        {
            channels = [.. channels.OrderByDescending(k => Variance(maps.A(k))).Take(wanted).Order()];
        }

        Target measured = request.Target is ClassTarget c ? c with { Probability = true } : request.Target;
        AttributionRequest behind = request with { Target = measured };
        double[] scores = behind.Scores(new MarkedImages(maps, channels), [.. Enumerable.Range(0, channels.Length)]);
        var weights = new double[maps.Channels];
        for (int i = 0; i < channels.Length; i++)
        {
            weights[channels[i]] = scores[i];
        }

        return new RawMap(maps.Sum(weights), weights)
        {
            Facts = [new Fact("masks", channels.Length), new Fact("weights", $"{measured.Quantity} of the masked image")],
            ConstantScore = ConstantScore.Problem(
                measured,
                scores,
                $"the masks of layer {maps.Layer.Name}",
                "all feature maps weigh the same, whatever is explained; try another layer (option 'layer') or method",
                ConstantScore.OfLevels),
        };
    }

    private static int[] Varying(FeatureMaps maps) =>
        [.. Enumerable.Range(0, maps.Channels).Where(k => maps.A(k)[1..].ContainsAnyExcept(maps.A(k)[0]))];

    private static double Variance(ReadOnlySpan<float> map)
    {
        double sum = 0, squares = 0;
        foreach (float a in map)
        {
            sum += a;
        }

        double mean = sum / map.Length;
        foreach (float a in map)
        {
            squares += (a - mean) * (a - mean);
        }

        return squares / map.Length;
    }

    /// <summary>x ⊙ M^k for some channels k.</summary>
    private sealed class MarkedImages(FeatureMaps maps, int[] channels) : MaskedByGrids(
        maps.Request.Input.Tensor, SizeOf(maps.Request.Input.Image), maps.Size, SizeOf(maps.Request.Input.Image), toOne: true)
    {
        /// <inheritdoc/>
        internal override float[] Numbers(int index) => [.. maps.A(channels[index]), 0, 0];

        /// <summary>The mask is made in the place of the last plane, which it is multiplied into last.</summary>
        internal override void Make(int index, Span<float> input)
        {
            Span<float> mask = input[^Plane..];
            Bilinear.Resize(maps.A(channels[index]), Cells, Size, mask);
            PlaneArithmetic.ScaleToOne(mask);
            for (int c = 0; c < input.Length; c += Plane)
            {
                PlaneArithmetic.Multiply(Image.AsSpan(c, Plane), mask, input.Slice(c, Plane));
            }
        }

        private static (int Height, int Width) SizeOf(RgbImage image) => (image.Height, image.Width);
    }
}
