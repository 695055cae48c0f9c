using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>Every architecture that can be inferred.</summary>
internal static class ArchitectureCatalog
{
    /// <summary>All families; a new one is one file and one line here. A state dict must match exactly one.</summary>
    internal static Catalog<IArchitecture> All { get; } = new(
        "architecture",
        a => a.Name,
        new AlexNetArchitecture(),
        new VggArchitecture(),
        new ResNetArchitecture("resnet"),
        new ResNetArchitecture("resnet_caffe"),
        new SqueezeNetArchitecture(),
        new DenseNetArchitecture(),
        new InceptionArchitecture("inception_v3"),
        new InceptionArchitecture("inception_v3_plain"),
        new GoogLeNetArchitecture("googlenet"),
        new GoogLeNetArchitecture("googlenet_plain"),
        new ShuffleNetArchitecture(),
        new MobileNetV2Architecture(),
        new MobileNetV3Architecture(),
        new MnasNetArchitecture(),
        new EfficientNetArchitecture(),
        new LukemelasEfficientNetArchitecture(),
        new RegNetArchitecture(),
        new ConvNextArchitecture(),
        new TimmEfficientNetArchitecture(),
        new TimmRegNetArchitecture(),
        new TimmConvNextArchitecture());

    /// <summary>The families that a state dict can tell; others have the same names and shapes and are taken by name only.</summary>
    internal static IEnumerable<IArchitecture> Inferable => All.Where(a => !a.NamedOnly);

    /// <summary>Whether a state dict looks like that of a known network.</summary>
    internal static bool Knows(IReadOnlyList<WeightEntry> entries) => Matching(new StateDict(entries)).Length > 0;

    /// <summary>The family of that name, or that of a network of that name: <c>resnet50</c>.</summary>
    /// <exception cref="InputException">There is none.</exception>
    internal static IArchitecture Find(string name) =>
        Named(name).FirstOrDefault()
        ?? throw new InputException($"option 'arch' {Text.OneLine(name)}: expected a network such as resnet50, or one of "
            + string.Join(", ", All.Names));

    /// <summary>
    /// The families that a name may mean, the likeliest first: torchvision and timm have networks of one name, which is then torchvision's.
    /// </summary>
    private static IEnumerable<IArchitecture> Named(string name) =>
        All.Where(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Concat(
            from a in Inferable
            from prefix in a.Prefixes
            where name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            orderby a.Name.StartsWith("timm_", StringComparison.Ordinal), prefix.Length descending
            select a);

    /// <summary>The network that a state dict belongs to.</summary>
    /// <exception cref="ModelException">No family matches, several do, or the one that does cannot be completed.</exception>
    /// <exception cref="InputException">The architecture that is asked for does not exist, or is not the file's.</exception>
    internal static ModelPlan Plan(IReadOnlyList<WeightEntry> entries, PlanOptions? options = null)
    {
        options ??= new PlanOptions();
        return Family(entries, options).Plan(new StateDict(entries, options.Modules), options);
    }

    /// <summary>The family that a state dict belongs to.</summary>
    /// <exception cref="ModelException">No family matches, or several do.</exception>
    /// <exception cref="InputException">The architecture that is asked for does not exist, or is not the file's.</exception>
    internal static IArchitecture Family(IReadOnlyList<WeightEntry> entries, PlanOptions options)
    {
        var dict = new StateDict(entries);
        IArchitecture[] matching = Matching(dict);
        if (options.Architecture is { } name)
        {
            IArchitecture asked = Named(name).FirstOrDefault(a => a.Matches(dict)) ?? Find(name);
            return asked.Matches(dict) ? asked : throw new InputException($"option 'arch' {Text.OneLine(name)}: the file's tensors are not "
                + $"named as those of {asked.Name}; "
                + (matching.Length == 0 ? Unknown(entries) : $"they look like {string.Join(" or ", matching.Select(m => m.Name))}"));
        }

        return matching switch
        {
            [var one] => options.Modules?.Root?.Flag("transform_input") is false ? Plain(one) : one,
            [] => throw new ModelException(Unknown(entries)),
            _ => throw new ModelException($"the tensors fit several architectures: {string.Join(", ", matching.Select(m => m.Name))}; say "
                + "which with option 'arch'"),
        };
    }

    /// <summary>The variant without the step that makes other networks' normalisation of this one's, where there are two.</summary>
    private static IArchitecture Plain(IArchitecture family) =>
        All.FirstOrDefault(a => a.NamedOnly && a.Name == $"{family.Name}_plain") ?? family;

    private static IArchitecture[] Matching(StateDict dict) => [.. Inferable.Where(a => a.Matches(dict))];

    private static string Unknown(IReadOnlyList<WeightEntry> entries) => UnknownNetwork.Describe(entries, Inferable.Select(a => a.Name));
}
