using Interp.Benchmarks.TorchMethods;
using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Benchmarks;

/// <summary>What the methods explain: the logit of a class of VGG16 with random weights on a photo of 224×224.</summary>
internal static class MethodSubject
{
    private const int Class = 281;
    private const string Layer = "features.29"; // The one that our class activation maps choose for VGG16.

    /// <summary>The photo as the network takes it.</summary>
    public static NetworkInput Photo(Network network) =>
        NetworkInput.Read(Path.Combine(AppContext.BaseDirectory, "chelsea.png"), network)[0];

    /// <summary>Runs one of our methods, the forward pass of the image included.</summary>
    public static AttributionResult Explain(Explainer explainer, NetworkInput photo, MethodRow row, bool brief)
    {
        // A copy, since the explainer would not run the very same image again.
        var request = new AttributionRequest(explainer, photo with { }, new ClassTarget(Class), row.Configure(brief));
        return AttributionCatalog.All.Find(row.Method).Explain(request);
    }

    /// <summary>The same for libtorch.</summary>
    public static TorchSubject InTorch(Network network, NetworkInput photo) => new(network, photo, Class, Layer);

    /// <summary>Runs the other library's method; the time that was left out.</summary>
    public static TimeSpan Run(TorchMethod method, TorchSubject subject, int part)
    {
        using TorchSharp.DisposeScope scope = TorchSharp.torch.NewDisposeScope();
        var sample = new Sample(part);
        method.Run(subject, sample);
        return sample.LeftOut;
    }
}
