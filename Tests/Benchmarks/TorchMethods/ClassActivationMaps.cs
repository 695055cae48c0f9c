using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks.TorchMethods;

/// <summary>
/// pytorch-grad-cam's class activation maps, and captum's. The former calls <c>loss.backward()</c> on a model whose weights take gradients
/// unless its
/// user has frozen them (and then it needs an input that takes one), so that gradients of all weights are computed. captum asks autograd
/// for the layer's
/// gradient alone, and the backward pass ends there.
/// </summary>
internal static class ClassActivationMaps
{
    private const double Tiny = 1e-7;
    private const int ScoreCamBatch = 16;
    private const int AblationCamBatch = 32;

    /// <summary>Weights are the gradient's means.</summary>
    public static TorchMethod GradCam { get; } = Weighed("GradCAM", (a, g) => g.mean([2, 3], keepdim: true) * a);

    /// <summary>Weights from powers of the gradient.</summary>
    public static TorchMethod GradCamPlusPlus { get; } = Weighed("GradCAMPlusPlus", (a, g) =>
    {
        Tensor squares = g * g;
        Tensor shares = squares / ((2 * squares) + (a.sum([2, 3], keepdim: true) * squares * g) + Tiny);
        return (g.relu() * where(g.ne(0), shares, zeros_like(g))).sum([2, 3], keepdim: true) * a;
    });

    /// <summary>Weights are the gradient's means weighed by the maps.</summary>
    public static TorchMethod XGradCam { get; } =
        Weighed("XGradCAM", (a, g) => (g * a / (a.sum([2, 3], keepdim: true) + Tiny)).sum([2, 3], keepdim: true) * a);

    /// <summary>Each value weighed by its own positive gradient.</summary>
    public static TorchMethod LayerCam { get; } = Weighed("LayerCAM", (a, g) => g.relu() * a);

    /// <summary>Each value weighed by its own gradient.</summary>
    public static TorchMethod HiResCam { get; } = Weighed("HiResCAM", (a, g) => g * a);

    /// <summary>Grad-CAM by captum: forward, and backward to the layer.</summary>
    public static TorchMethod LayerGradCam { get; } = new("captum LayerGradCam", "1/to the layer", "1", s => CaptumMap(s));

    /// <summary>Guided backpropagation times Grad-CAM, each with its own forward pass.</summary>
    public static TorchMethod GuidedGradCam { get; } = new(
        "captum GuidedGradCam", "2/1, 1 to the layer", "1", s => CaptumHooks.Guided(s).mul(CaptumMap(s)));

    /// <summary>Forward, and the full singular value decomposition of positions × channels (numpy's in the library, libtorch's
    /// here).</summary>
    public static TorchMethod EigenCam { get; } = new("pytorch-grad-cam EigenCAM", "1/0", "1", s => s.WithWeightGradients(() =>
    {
        Tensor a = s.Head(s.Image);
        s.Tail(a);
        Tensor rows = a.detach()[0].flatten(1).t();
        rows -= rows.mean([0], keepdim: true);
        (_, _, Tensor directions) = linalg.svd(rows, fullMatrices: true);
        s.Enlarge(rows.matmul(directions[0]).view(1, 1, a.shape[2], a.shape[3]).relu());
    }));

    /// <summary>The image behind each enlarged map, all made beforehand, 16 in a batch.</summary>
    public static TorchMethod ScoreCam { get; } = new("pytorch-grad-cam ScoreCAM", "513/0", $"{ScoreCamBatch}", (s, sample) =>
    {
        using IDisposable mode = no_grad();
        Tensor a = s.Head(s.Image);
        s.Tail(a);
        Tensor masks = s.Enlarge(a, alignCorners: true);
        Tensor low = masks.amin([2, 3], keepdim: true), high = masks.amax([2, 3], keepdim: true);
        Tensor inputs = s.Image[0] * ((masks - low) / (high - low + 1e-8))[0].unsqueeze(1);
        RunAll(a.shape[1], ScoreCamBatch, sample, (from, to) => s.Score(inputs.slice(0, from, to, 1)));
    });

    /// <summary>The whole network for each map set to 0, 32 in a batch, and twice for the image.</summary>
    public static TorchMethod AblationCam { get; } = new("pytorch-grad-cam AblationCAM", "514/0", $"{AblationCamBatch}", (s, sample) =>
    {
        using IDisposable mode = no_grad();
        s.Score(s.Image);
        Tensor a = s.Head(s.Image);
        s.Tail(a);
        Tensor batch = s.Image.repeat(AblationCamBatch, 1, 1, 1);
        RunAll(a.shape[1], AblationCamBatch, sample, (from, to) =>
        {
            s.Head(batch); // Its output is thrown away: the layer in its place repeats the activations of the image.
            Tensor ablated = a.repeat(to - from, 1, 1, 1);
            for (long i = from; i < to; i++)
            {
                ablated[i - from, i].zero_();
            }

            s.Tail(ablated);
        });
    });

    private static TorchMethod Weighed(string name, Func<Tensor, Tensor, Tensor> weigh) =>
        new($"pytorch-grad-cam {name}", "1/1, weights too", "1", s => s.WithWeightGradients(() =>
        {
            Tensor a = s.Head(s.Image);
            Tensor gradient = autograd.grad([s.Tail(a).sum()], [a, .. s.Network.Weights])[0];
            s.Enlarge(weigh(a.detach(), gradient).sum(1, keepdim: true).relu());
        }));

    private static Tensor CaptumMap(TorchSubject s)
    {
        Tensor? map = null;
        s.WithWeightGradients(() =>
        {
            Tensor a = s.Head(s.Image);
            Tensor gradient = autograd.grad([s.Tail(a).sum()], [a])[0];
            map = s.Enlarge((gradient.mean([2, 3], keepdim: true) * a.detach()).sum(1, keepdim: true));
        });
        return map!;
    }

    private static void RunAll(long count, int batch, Sample sample, Action<long, long> run)
    {
        foreach (int i in sample.Of((int)((count + batch - 1) / batch)))
        {
            using DisposeScope scope = NewDisposeScope();
            run(i * batch, Math.Min(count, (i + 1) * (long)batch));
        }
    }
}
