using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// What a COCO annotation file says of images and categories, and where its annotations stand: these are read when their image is. COCO's
/// largest, of 118,287 images and 860,001 annotations, takes 48 MB so.
/// </summary>
internal sealed class CocoFile
{
    private readonly Dictionary<long, CocoImage> _images = [];
    private readonly Dictionary<long, List<CocoSpan>> _byImage = [];

    private CocoFile(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The images in the order of their first mention.</summary>
    public IEnumerable<CocoImage> Images => _images.Values;

    /// <summary>Numbers and names of the categories.</summary>
    public List<(long Id, string Name)> Categories { get; } = [];

    /// <summary>Annotations in all.</summary>
    public int Annotations { get; private set; }

    /// <summary>Annotations that say they stand for a crowd.</summary>
    public int Crowds { get; private set; }

    /// <summary>Annotations of images that the file does not list.</summary>
    public int Strays { get; private set; }

    /// <summary>How often an image's number is given to a second one.</summary>
    public int RepeatedImages { get; private set; }

    /// <summary>Annotations whose number another one has; it is not needed, and so no problem.</summary>
    public int RepeatedNumbers { get; private set; }

    /// <summary>Reads a file through.</summary>
    /// <exception cref="InputException">It is no such file.</exception>
    public static CocoFile Open(string path)
    {
        var file = new CocoFile(path);
        var numbers = new HashSet<long>();
        JsonElements.Walk(path, (array, element, offset) =>
        {
            switch (array)
            {
                case "images":
                    file.AddImage(element);
                    break;
                case "categories":
                    file.AddCategory(element);
                    break;
                case "annotations":
                    file.AddAnnotation(element, offset, numbers);
                    break;
            }
        });
        file.Strays += file._byImage.Where(i => !file._images.ContainsKey(i.Key)).Sum(i => i.Value.Count);
        return file._images.Count > 0 && file.Categories.Count > 0 ? file
            : throw new InputException(
                $"{path}: lists {file._images.Count} images and {file.Categories.Count} categories, expected some of both");
    }

    /// <summary>Adds the categories of several files to a table.</summary>
    /// <exception cref="InputException">They do not agree.</exception>
    public static ConceptTable Concepts(IReadOnlyList<CocoFile> files)
    {
        var table = new ConceptTable();
        var names = new Dictionary<long, string>();
        foreach (CocoFile file in files)
        {
            foreach ((long id, string name) in file.Categories)
            {
                if (file == files[0])
                {
                    table.Add(id, name, "object", plain: true);
                    names.TryAdd(id, name);
                }
                else if (names.TryAdd(id, name))
                {
                    table.Add(id, name, "object", plain: true);
                }
                else if (names[id] != name)
                {
                    throw new InputException($"{file.Path}: category {id} is {LabelNames.Quote(name)}, but "
                        + $"{LabelNames.Quote(names[id])} in {files[0].Path}; put them into folders of their own");
                }
            }
        }

        return table;
    }

    /// <summary>Where an image's annotations stand.</summary>
    public IReadOnlyList<CocoSpan> Of(CocoImage image) => _byImage.GetValueOrDefault(image.Id) ?? [];

    /// <summary>Reads an annotation.</summary>
    public JsonDocument Read(CocoSpan span) => JsonElements.Read(Path, span.Offset, span.Length);

    /// <summary>The folders in which a file's images usually lie: one called by its split (<c>instances_val2017.json</c>: val2017), one
    /// called images, and the file's own.</summary>
    public static string[] Places(LabelFolder folder, string json)
    {
        string stem = LabelFolder.FileName(json);
        stem = stem[..^System.IO.Path.GetExtension(stem).Length];
        string split = stem[(stem.IndexOf('_', StringComparison.Ordinal) + 1)..], own = LabelFolder.FolderOf(json);
        string[] named = [.. folder.Folders.Where(f => f.Length > 0 && LabelFolder.FileName(f) == split
            && !f.Contains("panoptic", StringComparison.Ordinal))];
        return [.. named, LabelFolder.In(LabelFolder.FolderOf(own), "images"), LabelFolder.In(own, "images"), "images", own, ""];
    }

    private void AddImage(ReadOnlySpan<byte> element)
    {
        using JsonDocument document = Parse(element);
        JsonElement image = document.RootElement;
        if (JsonText.Whole(image, "id") is { } id && JsonText.Of(image, "file_name") is { } name)
        {
            bool isNew = _images.TryAdd(id, new CocoImage(id, name, JsonText.Whole(image, "width"), JsonText.Whole(image, "height")));
            RepeatedImages += isNew ? 0 : 1;
        }
    }

    private void AddCategory(ReadOnlySpan<byte> element)
    {
        using JsonDocument document = Parse(element);
        if (JsonText.Whole(document.RootElement, "id") is { } id && JsonText.Of(document.RootElement, "name") is { } name)
        {
            Categories.Add((id, name));
        }
    }

    private void AddAnnotation(ReadOnlySpan<byte> element, long offset, HashSet<long> numbers)
    {
        (long? image, long? id, bool crowd) = (null, null, false);
        var reader = new Utf8JsonReader(element, JsonElements.ReaderOptions);
        if (element[0] != '{')
        {
            Strays++;
            return;
        }

        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isImage = reader.ValueTextEquals("image_id"u8), isId = reader.ValueTextEquals("id"u8);
            bool isCrowd = reader.ValueTextEquals("iscrowd"u8);
            reader.Read();
            long? value = reader.TokenType switch
            {
                JsonTokenType.Number => reader.TryGetInt64(out long whole) ? whole : null,
                JsonTokenType.String => ConceptList.Number(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
                JsonTokenType.True => 1,
                _ => null,
            };
            image = isImage ? value : image;
            id = isId ? value : id;
            crowd |= isCrowd && value > 0;
            reader.Skip();
        }

        Annotations++;
        Crowds += crowd ? 1 : 0;
        RepeatedNumbers += id is { } number && !numbers.Add(number) ? 1 : 0;
        if (image is not { } known)
        {
            Strays++;
            return;
        }

        if (!_byImage.TryGetValue(known, out List<CocoSpan>? spans))
        {
            _byImage.Add(known, spans = []);
        }

        spans.Add(new CocoSpan(offset, element.Length));
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> element) => JsonDocument.Parse(element.ToArray(), JsonElements.DocumentOptions);
}

/// <summary>An image that a COCO file lists.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its file.</param>
/// <param name="Width">Width; null where the file does not say.</param>
/// <param name="Height">Height.</param>
internal sealed record CocoImage(long Id, string Name, long? Width, long? Height);

/// <summary>Where an annotation stands in its file.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct CocoSpan(long Offset, int Length);
