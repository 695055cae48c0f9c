using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's GoogLeNet (C. Szegedy et al., arXiv 1409.4842), with batch norm, and 3x3 filters where the paper has 5x5. Max-pools round
/// up. Its pretrained networks first bring the normalised image to (p − ½)/½. The auxiliary heads serve training only.
/// </summary>
/// <param name="name"><c>googlenet</c>, or <c>googlenet_plain</c> for one trained without that step.</param>
internal sealed class GoogLeNetArchitecture(string name) : IArchitecture
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Prefixes => ["googlenet"];

    /// <inheritdoc/>
    public bool NamedOnly => name != "googlenet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("inception3a.branch1.conv.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new BranchBlocks(dict, options.Side(this));
        string x = b.Conv("conv1", b.Start(transform: !NamedOnly, "googlenet_plain", "conv1.conv"), stride: 2);
        x = b.Conv("conv3", b.Conv("conv2", b.MaxPool("maxpool1", x, ceil: true)));
        x = b.MaxPool("maxpool2", x, ceil: true);
        x = Inception(b, "inception3b", Inception(b, "inception3a", x));
        x = b.MaxPool("maxpool3", x, ceil: true);
        x = Inception(b, "inception4c", Inception(b, "inception4b", Inception(b, "inception4a", x)));
        x = Inception(b, "inception4e", Inception(b, "inception4d", x));
        x = b.MaxPool("maxpool4", x, kernel: 2, ceil: true);
        return b.Finish(Inception(b, "inception5b", Inception(b, "inception5a", x)), "aux1", "aux2");
    }

    private static string Inception(BranchBlocks b, string at, string x) => b.Cat($"{at}.cat",
        b.Conv($"{at}.branch1", x),
        b.Chain(at, x, "branch2.0", "branch2.1"),
        b.Chain(at, x, "branch3.0", "branch3.1"),
        b.Conv($"{at}.branch4.1", b.MaxPool($"{at}.branch4.0", x, stride: 1, padding: 1, ceil: true)));
}
