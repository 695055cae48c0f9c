using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Weights.Raw;

namespace Interp.Weights;

/// <summary>The models below two folders, each in a folder of its own. Of two with the same name the bundled one counts.</summary>
internal sealed class ModelShelf(string bundledFolder, string userFolder)
{
    /// <summary>
    /// Looks through both folders. A damaged model is a problem (by its folder's name), not an error. Hidden folders are passed over.
    /// </summary>
    internal (IReadOnlyList<ModelInfo> Models, IReadOnlyDictionary<string, string> Problems) Read()
    {
        var models = new List<ModelInfo>();
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string root, bool bundled) in ((string, bool)[])[(bundledFolder, true), (userFolder, false)])
        {
            var here = new List<ModelInfo>();
            foreach (string folder in Folders(root, problems))
            {
                try
                {
                    here.Add(RawModel.Info(folder, bundled));
                }
                catch (ModelException e)
                {
                    problems.TryAdd(Path.GetFileName(folder), e.Message);
                }
            }

            foreach (ModelInfo model in here.OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Folder, StringComparer.Ordinal))
            {
                if (models.Find(m => m.Name == model.Name) is { } first)
                {
                    string problem = $"{model.Folder}: is called '{model.Name}' like {first.Folder}, which is used; load it by its folder";
                    problems.TryAdd(Path.GetFileName(model.Folder), problem);
                }
                else
                {
                    models.Add(model);
                }
            }
        }

        return (models, problems);
    }

    /// <summary>
    /// Loads the model of that name; a text with a path separator, or that is no model's name but a folder's, means the folder.
    /// </summary>
    /// <exception cref="ModelException">There is none, or it is damaged.</exception>
    internal Network Load(string nameOrFolder)
    {
        if (nameOrFolder is "." or ".." || nameOrFolder.AsSpan().ContainsAny('/', '\\'))
        {
            return RawModel.Open(nameOrFolder);
        }

        (IReadOnlyList<ModelInfo> models, IReadOnlyDictionary<string, string> problems) = Read();
        if (models.FirstOrDefault(m => m.Name == nameOrFolder) is { } model)
        {
            return RawModel.Open(model.Folder);
        }

        if (problems.TryGetValue(nameOrFolder, out string? problem))
        {
            throw new ModelException(problem);
        }

        if (Directory.Exists(nameOrFolder))
        {
            return RawModel.Open(nameOrFolder);
        }

        string names = models.Count == 0
            ? "there are none (the package Interp.Models.Vgg16 brings one)"
            : $"there are {string.Join(", ", models.Select(m => m.Name))}";
        throw new ModelException(
            $"model '{Text.OneLine(nameOrFolder)}': no such model or folder: {names}; convert a weight file to make one");
    }

    private static IEnumerable<string> Folders(string root, Dictionary<string, string> problems)
    {
        try
        {
            return Directory.Exists(root)
                ? [.. Directory.EnumerateDirectories(root).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.TryAdd(root, $"{root}: {Text.OneLine(e.Message)}");
            return [];
        }
    }
}
