using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks.TorchMethods;

/// <summary>Methods that run changed images, without gradients: captum's, one at a time (<c>perturbations_per_eval=1</c>), and RISE's
/// official code.</summary>
internal static class Perturbations
{
    private const int Window = 32;
    private const int Stride = 8;
    private const int RiseMasks = 1000;
    private const int RiseBatch = 100;
    private const int SegmentsAcross = 7;

    /// <summary>Windows of 32 at stride 8; to each window's pixels the fall of the logit is added.</summary>
    public static TorchMethod Occlusion { get; } = new("captum Occlusion", "626/0", "1", (s, sample) =>
    {
        using IDisposable mode = no_grad();
        Tensor score = s.Score(s.Image), sum = zeros_like(s.Image), counts = zeros_like(s.Image);
        long across = ((s.Size[1] - Window) / Stride) + 1;
        foreach (int i in sample.Of((int)(across * (((s.Size[0] - Window) / Stride) + 1))))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor mask = zeros_like(s.Image);
            mask.narrow(2, i / across * Stride, Window).narrow(3, i % across * Stride, Window).fill_(1);
            Tensor fall = score - s.Score((s.Image * (1 - mask)) + (zeros_like(s.Image) * mask));
            sum.add_(fall * mask);
            counts.add_(mask);
        }

        sum.div_(counts);
    });

    /// <summary>
    /// 1000 masks (enlarged by libtorch at once, in the library's favour: it takes scikit-image, one at a time), the masked images made at
    /// once, 100 in a
    /// batch, and maps for all classes.
    /// </summary>
    public static TorchMethod Rise { get; } = new("RISE, N=1000", "1000/0", $"{RiseBatch}", (s, sample) =>
    {
        using IDisposable mode = no_grad();
        Tensor masks = s.Enlarge((rand(1, RiseMasks, SegmentsAcross + 1, SegmentsAcross + 1) < 0.5).to(ScalarType.Float32)).transpose(0, 1);
        Tensor inputs = masks * s.Image;
        Tensor? probabilities = null;
        foreach (int i in sample.Of(RiseMasks / RiseBatch))
        {
            using DisposeScope scope = NewDisposeScope();
            probabilities = s.Network.Forward(inputs.narrow(0, i * RiseBatch, RiseBatch)).softmax(1).MoveToOuterDisposeScope();
        }

        probabilities!.repeat(RiseMasks / RiseBatch, 1).t().matmul(masks.flatten(1)).div_(RiseMasks * 0.5);
    });

    /// <summary>500 images with superpixels left out; segmentation and the fit are left out.</summary>
    public static TorchMethod Lime { get; } = Superpixels("captum Lime, n_samples=500", 500);

    /// <summary>500 coalitions; segmentation and the fit are left out.</summary>
    public static TorchMethod KernelShap { get; } = Superpixels("captum KernelShap, n_samples=500", 500);

    private static TorchMethod Superpixels(string name, int samples) => new(name, $"{samples}/0", "1", (s, sample) =>
    {
        using IDisposable mode = no_grad();
        Tensor grid = arange(SegmentsAcross * SegmentsAcross, ScalarType.Float32).view(1, 1, SegmentsAcross, SegmentsAcross);
        Tensor segments = nn.functional.interpolate(grid, s.Size, mode: InterpolationMode.Nearest).to(ScalarType.Int64).expand(
            s.Image.shape);
        foreach (int _ in sample.Of(samples))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor stays = (rand(SegmentsAcross * SegmentsAcross) < 0.5)[segments].to(ScalarType.Float32);
            s.Score((s.Image * stays) + (zeros_like(s.Image) * (1 - stays)));
        }
    });
}
