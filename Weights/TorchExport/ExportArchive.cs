using System.Text;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Formats.PyTorch;

namespace Interp.Weights.TorchExport;

/// <summary>
/// The zip archive that <c>torch.export.save</c> writes, in both of its forms: since PyTorch 2.8 everything lies in one folder, whose name
/// does not matter; before, <c>serialized_exported_program.json</c> and pickles lie side by side. The example inputs are never read.
/// </summary>
internal sealed class ExportArchive : IDisposable
{
    /// <summary>Three times the JSON of the largest network that has one operator a layer.</summary>
    private const int MaxJsonBytes = 64 << 20;
    private const string OldProgram = "serialized_exported_program.json";
    private const string Format = "archive_format";
    private const string Models = "models/";
    private const string Again = "export it again with torch.export.save";
    private readonly ZipDirectory _zip;
    private readonly string _folder;
    private readonly bool _isOld;

    private ExportArchive(WeightFile file)
    {
        File = file;
        _zip = ZipDirectory.Read(file);
        (string folder, bool isOld) = Find(_zip.Names) ?? throw file.Error($"is no archive of torch.export; {Again}");
        (_folder, _isOld) = (folder, isOld);
    }

    /// <summary>The open file.</summary>
    internal WeightFile File { get; }

    /// <summary>Whether a zip archive with these entries is one of these.</summary>
    internal static bool Matches(IEnumerable<string> entries) => Find(entries) is not null;

    /// <summary>Opens an archive.</summary>
    /// <exception cref="ModelException">It is damaged, or of a version that is not known.</exception>
    internal static ExportArchive Open(string path)
    {
        WeightFile file = ZipUnpacker.Open(path, IsNeeded);
        try
        {
            var archive = new ExportArchive(file);
            archive.CheckVersion();
            return archive;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The name of the program's JSON in the archive, without its folder.</summary>
    /// <exception cref="ModelException">There is none, or there are several.</exception>
    internal string Program()
    {
        if (_isOld)
        {
            return OldProgram;
        }

        string[] found = [.. _zip.Names.Where(n => n.StartsWith(_folder + Models, StringComparison.Ordinal)
            && n.EndsWith(".json", StringComparison.Ordinal)).Select(n => n[_folder.Length..])];
        return found switch
        {
            [var one] => one,
            [] when _zip.Names.Any(n => n.StartsWith($"{_folder}data/aotinductor/", StringComparison.Ordinal)) =>
                throw File.Error($"holds a network compiled for one machine (AOTInductor), whose code cannot be read; {Again}"),
            [] => throw File.Error($"holds no network (no models/NAME.json); {Again}"),
            _ => throw File.Error($"holds {found.Length} networks ({string.Join(", ", found.Take(3).Select(WeightFile.Quote))}), expected "
                + "one; export each into a file of its own"),
        };
    }

    /// <summary>The tensors of the state dict of the program of that name, to be closed by the caller.</summary>
    internal WeightSource Weights(string program) => Table("data/weights/", program, "serialized_state_dict.pt", "weights_config");

    /// <summary>Those that are not in the state dict: lifted constants, and buffers that are not kept.</summary>
    internal WeightSource Constants(string program) => Table("data/constants/", program, "serialized_constants.pt", "constants_config");

    /// <summary>An entry's bytes.</summary>
    /// <exception cref="ModelException">It is not there or larger than any.</exception>
    internal byte[] Read(string entry)
    {
        (long position, long size) = Locate(entry) ?? throw File.Damaged($"its {WeightFile.Quote(entry)} is missing");
        if (size > MaxJsonBytes)
        {
            throw File.Error($"its {WeightFile.Quote(entry)} has {size} bytes, expected at most {MaxJsonBytes}; export a smaller network");
        }

        var bytes = new byte[size];
        File.Read(position, bytes);
        return bytes;
    }

    /// <summary>Where an entry lies, or null if there is none.</summary>
    internal (long Position, long Size)? Locate(string entry) => _zip.Locate(_folder + entry);

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    /// <summary>Tensors as a pickle of <c>torch.save</c> where there is one, else as a table of raw storages.</summary>
    private FileWeightSource Table(string folder, string program, string oldPickle, string table)
    {
        string name = _isOld ? "" : program[Models.Length..^".json".Length];
        if (Locate(_isOld ? oldPickle : $"{folder}{name}.pt") is var (position, size))
        {
            return FileWeightSource.Open(File.Part(position, size), PyTorchZipFormat.ReadTable);
        }

        string entry = $"{folder}{name}_{table}.json";
        byte[] json = Read(entry);
        return FileWeightSource.Open(File.Part(0, File.Length), file => PayloadTable.Read(file, entry, json,
            path => Locate(folder + path)));
    }

    private void CheckVersion()
    {
        if (!_isOld)
        {
            Require(Format, "pt2");
            Require("archive_version", "0");
            Require("byteorder", "little");
        }
    }

    private void Require(string entry, string expected)
    {
        if (Locate(entry) is var (position, size))
        {
            var text = new byte[Math.Min(size, 32)];
            File.Read(position, text);
            string found = Encoding.Latin1.GetString(text).Trim();
            if (found != expected)
            {
                throw File.Error($"its {entry} is {WeightFile.Quote(found)}, expected '{expected}'; {Again}");
            }
        }
    }

    /// <summary>The folder in which everything lies, with a slash or empty, and whether the form is the older one; null where it is no
    /// such archive.</summary>
    private static (string Folder, bool IsOld)? Find(IEnumerable<string> entries)
    {
        string[] found = [.. entries.Where(n => n == OldProgram || n.Split('/') is [_, Format])];
        return found switch
        {
            [OldProgram] => ("", true),
            [var one] => (one[..^Format.Length], false),
            _ => null,
        };
    }

    private static bool IsNeeded(string name) => !name.EndsWith('/')
        && !name.Contains("sample_inputs/", StringComparison.Ordinal) && name != "serialized_example_inputs.pt"
        && !name.Contains("/extra/", StringComparison.Ordinal) && !name.Contains("/.data/", StringComparison.Ordinal);
}
