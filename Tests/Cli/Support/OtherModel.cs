namespace Interp.Tests.Cli.Support;

/// <summary>The tiny network under another name: the same shapes, another model.</summary>
internal static class OtherModel
{
    internal const string Name = "another";

    /// <summary>Writes the model's folder.</summary>
    internal static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(TinyModel.Folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string json = Path.Combine(folder, "model.json");
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"tiny\"", $"\"{Name}\"", StringComparison.Ordinal));
        return folder;
    }
}
