namespace Interp.Engine.LabelSets.Reading;

/// <summary>What is worth knowing about a COCO file.</summary>
internal static class CocoRemarks
{
    /// <summary>Adds the remarks on a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Its name.</param>
    /// <param name="remarks">Takes them.</param>
    public static void Add(CocoFile file, string name, List<string> remarks)
    {
        if (file.Crowds > 0)
        {
            remarks.Add($"{name}: {file.Crowds} of {file.Annotations} annotations say iscrowd; they are read like the others");
        }

        if (file.Strays > 0)
        {
            remarks.Add($"{name}: {file.Strays} annotations belong to no image that it lists, and are left out");
        }

        if (file.RepeatedImages > 0)
        {
            remarks.Add($"{name}: {file.RepeatedImages} images have the number of an earlier one, and are left out");
        }

        if (file.RepeatedNumbers > 0)
        {
            remarks.Add($"{name}: {file.RepeatedNumbers} annotations have the number of another; all are read");
        }
    }
}
