using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Interp.Engine.Common;
using Interp.Weights.Formats.Hdf5;

namespace Interp.Weights.Keras;

/// <summary>
/// The arrays of a <c>.keras</c> file: <c>layers/conv2d_3/vars/0</c>. Groups are called after the layer's class and counted in the order of
/// the model's layers; layers' names do not matter. Keras 2.12 and 2.13 call <c>layers</c> <c>_layer_checkpoint_dependencies</c> and count
/// each layer twice.
/// </summary>
/// <param name="group">Gives the model's own group; asked for when the first array is.</param>
/// <param name="model">The model.</param>
internal sealed class ArchiveStore(Func<Hdf5Group> group, KerasModel model) : KerasStore
{
    private Hdf5Group? _container;
    private Dictionary<string, string> _groups = [];

    internal override ImmutableArray<(string Name, Hdf5Dataset Array)> Arrays(KerasLayer layer)
    {
        Hdf5Group? variables = Group(layer).Group("vars");
        string[] names = [.. variables?.Names ?? []];
        var arrays = ImmutableArray.CreateBuilder<(string, Hdf5Dataset)>();
        for (int i = 0; i < names.Length; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture);
            arrays.Add((name, variables!.Dataset(name) ?? throw new ModelException(
                $"its arrays '{Text.OneLine(variables.Path)}' are not numbered from 0 on; save the model again")));
        }

        return arrays.ToImmutable();
    }

    internal override KerasStore Inner(KerasLayer layer) => new ArchiveStore(() => Group(layer), layer.Inner!);

    internal override void RequireAllUsed()
    {
        // Each layer requires as many arrays as it has; optimizers and metrics have groups of their own.
    }

    /// <summary>A class's name as Keras writes it in paths: <c>BatchNormalization</c> → <c>batch_normalization</c>, <c>Conv2D</c> →
    /// <c>conv2d</c>, <c>ReLU</c> → <c>re_lu</c>.</summary>
    internal static string SnakeCase(string name)
    {
        // Keras: a '_' before a capital with small letters behind it, then one between a small letter or digit and a capital.
        var first = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            bool begins = char.IsAsciiLetterUpper(name[i]) && i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]);
            first.Append(begins && i > 0 && name[i - 1] != '_' ? "_" : "").Append(char.IsAsciiLetterOrDigit(name[i]) ? name[i] : "");
        }

        var snake = new StringBuilder();
        for (int i = 0; i < first.Length; i++)
        {
            bool breaks = i > 0 && char.IsAsciiLetterUpper(first[i]) && char.IsAsciiLetterLower(first[i - 1]);
            snake.Append(breaks ? "_" : "").Append(char.ToLowerInvariant(first[i]));
        }

        return snake.ToString();
    }

    private static string ClassOf(KerasLayer layer) => layer.Inner is null or { IsSequential: true } ? layer.Class : "Functional";

    private Hdf5Group Group(KerasLayer layer)
    {
        if (_container is null)
        {
            Hdf5Group own = group();
            _container = own.Group("layers") is { Names.Count: > 0 } layers ? layers
                : own.Group("_layer_checkpoint_dependencies") ?? throw new ModelException(
                    $"its weights have no group 'layers' in '{Text.OneLine(own.Path)}'; save the model again");
            _groups = GroupsOf(_container);
        }

        return _groups.TryGetValue(layer.Name, out string? name) && _container.Group(name) is { } found ? found : throw new ModelException(
            $"the file has more or fewer groups '{SnakeCase(ClassOf(layer))}' in '{Text.OneLine(_container.Path)}' than the model has "
            + "layers of that class; save the model again");
    }

    /// <summary>The groups of the model's layers, by the layers' names.</summary>
    private Dictionary<string, string> GroupsOf(Hdf5Group container)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        ILookup<string, (string Base, string Name, long Number)> found = container.Names.Select(Split)
            .ToLookup(g => g.Base, StringComparer.Ordinal);
        foreach (IGrouping<string, KerasLayer> kind in model.Layers
            .Where(l => !l.IsOperation && l.Class != KerasModel.InputClass).GroupBy(l => SnakeCase(ClassOf(l)), StringComparer.Ordinal))
        {
            string[] names = [.. found[kind.Key].OrderBy(g => g.Number).Select(g => g.Name)];
            KerasLayer[] alike = [.. kind];

            // Layers without weights may have no group. Where numbers differ, layers cannot be told apart: those that are asked for say so.
            for (int i = 0; names.Length == alike.Length && i < names.Length; i++)
            {
                groups.Add(alike[i].Name, names[i]);
            }
        }

        return groups;
    }

    private static (string Base, string Name, long Number) Split(string name)
    {
        int at = name.LastIndexOf('_');
        return at > 0 && long.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? (name[..at], name, number) : (name, name, 0);
    }
}
