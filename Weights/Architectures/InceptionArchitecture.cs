using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's Inception v3 (C. Szegedy et al., arXiv 1512.00567). Its pretrained networks first bring the normalised image to (p − ½)/½.
/// The auxiliary head serves training only.
/// </summary>
/// <param name="name"><c>inception_v3</c>, or <c>inception_v3_plain</c> for one trained without that step.</param>
internal sealed class InceptionArchitecture(string name) : IArchitecture
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Prefixes => ["inception"];

    /// <inheritdoc/>
    public bool NamedOnly => name != "inception_v3";

    /// <inheritdoc/>
    public int InputSize => 299;

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("Conv2d_1a_3x3.conv.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new BranchBlocks(dict, options.Side(this));
        string start = b.Start(transform: !NamedOnly, "inception_v3_plain", "Conv2d_1a_3x3.conv");
        string x = b.Conv("Conv2d_1a_3x3", start, stride: 2, padding: 0);
        x = b.Conv("Conv2d_2b_3x3", b.Conv("Conv2d_2a_3x3", x, padding: 0));
        x = b.MaxPool("maxpool1", x);
        x = b.MaxPool("maxpool2", b.Conv("Conv2d_4a_3x3", b.Conv("Conv2d_3b_1x1", x), padding: 0));
        x = BlockA(b, "Mixed_5d", BlockA(b, "Mixed_5c", BlockA(b, "Mixed_5b", x)));
        x = BlockB(b, "Mixed_6a", x);
        x = BlockC(b, "Mixed_6e", BlockC(b, "Mixed_6d", BlockC(b, "Mixed_6c", BlockC(b, "Mixed_6b", x))));
        x = BlockD(b, "Mixed_7a", x);
        x = BlockE(b, "Mixed_7c", BlockE(b, "Mixed_7b", x));
        return b.Finish(x, "AuxLogits");
    }

    private static string BlockA(BranchBlocks b, string at, string x) => b.Cat($"{at}.cat",
        b.Conv($"{at}.branch1x1", x),
        b.Chain(at, x, "branch5x5_1", "branch5x5_2"),
        b.Chain(at, x, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
        b.PoolBranch(at, x));

    private static string BlockB(BranchBlocks b, string at, string x) => b.Cat($"{at}.cat",
        b.Conv($"{at}.branch3x3", x, stride: 2, padding: 0),
        b.Conv($"{at}.branch3x3dbl_3", b.Chain(at, x, "branch3x3dbl_1", "branch3x3dbl_2"), stride: 2, padding: 0),
        b.MaxPool($"{at}.max_pool2d", x));

    private static string BlockC(BranchBlocks b, string at, string x) => b.Cat($"{at}.cat",
        b.Conv($"{at}.branch1x1", x),
        b.Chain(at, x, "branch7x7_1", "branch7x7_2", "branch7x7_3"),
        b.Chain(at, x, "branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"),
        b.PoolBranch(at, x));

    private static string BlockD(BranchBlocks b, string at, string x) => b.Cat($"{at}.cat",
        b.Conv($"{at}.branch3x3_2", b.Conv($"{at}.branch3x3_1", x), stride: 2, padding: 0),
        b.Conv($"{at}.branch7x7x3_4", b.Chain(at, x, "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3"), stride: 2, padding: 0),
        b.MaxPool($"{at}.max_pool2d", x));

    private static string BlockE(BranchBlocks b, string at, string x)
    {
        string one = b.Conv($"{at}.branch1x1", x);
        string three = Split("branch3x3_2", "cat", b.Conv($"{at}.branch3x3_1", x));
        string twice = Split("branch3x3dbl_3", "cat_1", b.Chain(at, x, "branch3x3dbl_1", "branch3x3dbl_2"));
        return b.Cat($"{at}.cat_2", one, three, twice, b.PoolBranch(at, x));

        string Split(string branch, string cat, string from) =>
            b.Cat($"{at}.{cat}", b.Conv($"{at}.{branch}a", from), b.Conv($"{at}.{branch}b", from));
    }
}
