namespace Interp.Engine.Dissection;

/// <summary>The masks of one layer, image by image.</summary>
internal sealed class MaskStore
{
    private readonly List<ImageMasks> _images = [];

    internal int Count => _images.Count;

    internal long Bytes { get; private set; }

    internal ImageMasks this[int image] => _images[image];

    internal void Add(ImageMasks masks)
    {
        _images.Add(masks);
        Bytes += masks.Bytes;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_images.Count);
        foreach (ImageMasks masks in _images)
        {
            StateFile.WriteArray<int>(writer, masks.Units);
            StateFile.WriteArray<int>(writer, masks.Starts);
            StateFile.WriteArray<ushort>(writer, masks.At);
            StateFile.WriteArray<ulong>(writer, masks.Words);
        }
    }

    internal void Read(BinaryReader reader)
    {
        for (int n = reader.ReadInt32(); n > 0; n--)
        {
            Add(new ImageMasks(
                StateFile.ReadArray<int>(reader), StateFile.ReadArray<int>(reader), StateFile.ReadArray<ushort>(reader),
                StateFile.ReadArray<ulong>(reader)));
        }
    }
}
