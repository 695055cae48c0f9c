using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks.TorchMethods;

/// <summary>
/// captum's methods made of plain gradients: <c>torch.autograd.grad</c> of the class's logits at the inputs, all samples in one batch,
/// which is what
/// <c>nt_samples_batch_size=None</c> and <c>internal_batch_size=None</c> mean.
/// </summary>
internal static class CaptumGradients
{
    private const int Samples = 50;
    private const double NoiseLevel = 0.15;

    /// <summary>|∂S/∂x|.</summary>
    public static TorchMethod Saliency { get; } = new("captum Saliency", "1/1", "1", s => s.Gradient(s.Image).abs());

    /// <summary>x ⊙ ∂S/∂x.</summary>
    public static TorchMethod InputXGradient { get; } = new("captum InputXGradient", "1/1", "1", s => s.Gradient(s.Image).mul(s.Image));

    /// <summary>The mean of |∂S/∂x| at 50 noisy copies.</summary>
    public static TorchMethod NoiseTunnel { get; } = new("captum NoiseTunnel(Saliency), nt_samples=50", "50/50", "50", s =>
    {
        double sigma = NoiseLevel * (s.Image.max() - s.Image.min()).item<float>();
        Tensor noisy = s.Image.repeat_interleave(Samples, 0);
        noisy += randn_like(noisy) * sigma;
        s.Gradient(noisy).abs().mean([0]);
    });

    /// <summary>(x − x') ⊙ Σ_j w_j ∂S/∂x at 50 points of the line from x' = 0.</summary>
    public static TorchMethod IntegratedGradients { get; } = new("captum IntegratedGradients, n_steps=50", "50/50", "50", s =>
    {
        Tensor alphas = linspace(0.01, 0.99, Samples).view(Samples, 1, 1, 1);
        Tensor gradients = s.Gradient(s.Image * alphas);
        gradients.mul(full_like(alphas, 1.0 / Samples)).sum(0).mul(s.Image);
    });

    /// <summary>(x − x') ⊙ ∂S/∂x at random places of the lines from drawn baselines, mean of 50.</summary>
    public static TorchMethod GradientShap { get; } = new("captum GradientShap, n_samples=50", "50/50", "50", s =>
    {
        Tensor noisy = s.Image.repeat_interleave(Samples, 0);
        noisy += randn_like(noisy) * 0;
        Tensor baselines = zeros_like(noisy), places = rand(Samples, 1, 1, 1);
        Tensor gradients = s.Gradient((places * noisy) + ((1 - places) * baselines));
        gradients.mul(noisy - baselines).mean([0]);
    });
}
