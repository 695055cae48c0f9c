using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's SqueezeNet 1.0 and 1.1 (F. Iandola et al., arXiv 1602.07360). Where the numbering of <c>features</c> has a gap behind the
/// first ReLU there is a max-pool of 3x3 windows and stride 2 that rounds up. The classifier is a convolution, a map for each class.
/// </summary>
internal sealed class SqueezeNetArchitecture : IArchitecture
{
    private const string Classifier = "classifier.1";

    /// <inheritdoc/>
    public string Name => "squeezenet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("features.3.squeeze.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new Blocks(dict, options.Side(this)) { Grouped = false };
        string x = b.Add("features.1", new ReLU(), b.Conv("features.0", "input", stride: 2, padding: 0));
        int last = dict.Members("features").Max();
        for (int i = 2; i <= last; i++)
        {
            x = dict.Has($"features.{i}.squeeze.weight")
                ? Fire(b, $"features.{i}", x)
                : b.Add($"features.{i}", new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), x);
        }

        x = b.Add("classifier.0", new Dropout(), x);
        x = b.Add("classifier.2", new ReLU(), b.Conv(Classifier, x));
        b.Means("classifier.3", x);
        dict.RequireAllUsed($"SqueezeNet's features.N and {Classifier}");
        return b.Plan;
    }

    private static string Fire(Blocks b, string at, string from)
    {
        string squeezed = Convolution("squeeze", from);
        return b.Add($"{at}.cat", new Concat(), Convolution("expand1x1", squeezed), Convolution("expand3x3", squeezed));

        string Convolution(string name, string x) => b.Add($"{at}.{name}_activation", new ReLU(), b.Conv($"{at}.{name}", x));
    }
}
