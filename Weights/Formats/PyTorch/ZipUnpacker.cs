using System.IO.Compression;
using Interp.Engine.Common;
using Microsoft.Win32.SafeHandles;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// Opens zip archives for reading in place. One that somebody packed again, with compressed entries, is first written out as
/// <c>torch.save</c> would have written it, to a temporary file that no other program sees and that is gone when it is closed.
/// </summary>
internal static class ZipUnpacker
{
    /// <summary>
    /// How much more than the archive its entries may take. Weights hardly shrink, pruned ones to a few hundredths; a bomb to a thousandth.
    /// </summary>
    private const int MaxRatio = 100;
    private const int MaxEntries = 20_000;

    /// <summary>Opens an archive, of which every entry that matters is stored as it is.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="isNeeded">Which entries matter, by name; null for those that <c>torch.save</c> writes.</param>
    /// <exception cref="ModelException">The archive is damaged, or its entries are far larger than they could be.</exception>
    /// <exception cref="OutputException">There is no room for the temporary file.</exception>
    public static WeightFile Open(string path, Func<string, bool>? isNeeded = null)
    {
        WeightFile archive = WeightFile.Open(path);
        try
        {
            ZipDirectory directory = ZipDirectory.Read(archive);
            string[] names = [.. directory.Names.Where(isNeeded ?? IsNeeded)];
            return names.Any(directory.IsPacked) ? archive.Replace(Unpack(archive, directory, names)) : archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Unpack(WeightFile archive, ZipDirectory directory, string[] names)
    {
        Array.ForEach(names, directory.RequireReadable);
        Int128 size = names.Aggregate((Int128)0, (sum, n) => sum + directory.SizeOf(n));
        if (size > (Int128)MaxRatio * archive.Length || names.Length > MaxEntries)
        {
            throw archive.Error($"its {names.Length} compressed entries are said to take {size} bytes, more than {MaxRatio} times the "
                + "file: no weights shrink so; if it is to be trusted, unpack it and pack it again with zip -0");
        }

        string copy = Path.Combine(Path.GetTempPath(), $"interp-{Path.GetRandomFileName()}");
        try
        {
            return Copy(archive, directory, names, copy);
        }
        catch (InvalidDataException e)
        {
            throw archive.Error($"its compressed entries are damaged ({e.Message}); fetch or save it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"{archive.Path}: cannot be unpacked to {copy}: {Text.OneLine(e.Message)}; make room for {size} bytes there, or set "
                    + "TMPDIR", e);
        }
    }

    private static SafeFileHandle Copy(WeightFile archive, ZipDirectory directory, string[] names, string copy)
    {
        try
        {
            Write(archive, directory, names, copy);
            SafeFileHandle handle = File.OpenHandle(copy, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete,
                FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                // An open file lives on without its name, so that nothing stays behind even if the program is ended by force.
                File.Delete(copy);
            }

            return handle;
        }
        catch
        {
            File.Delete(copy);
            throw;
        }
    }

    private static void Write(WeightFile archive, ZipDirectory directory, string[] names, string copy)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream source = File.OpenRead(archive.Path);
        using FileStream target = new(copy, options);
        using var packed = new ZipArchive(source, ZipArchiveMode.Read);
        using var stored = new ZipArchive(target, ZipArchiveMode.Create);
        var buffer = new byte[1 << 16];
        foreach (string name in names)
        {
            ZipArchiveEntry entry = packed.GetEntry(name) ?? throw archive.Damaged($"its entry {WeightFile.Quote(name)} cannot be found");
            using Stream from = entry.Open();
            using Stream to = stored.CreateEntry(name, CompressionLevel.NoCompression).Open();
            long left = directory.SizeOf(name);
            for (int read = 1; left > 0 && read > 0; left -= read)
            {
                read = from.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                to.Write(buffer, 0, read);
            }

            if (left > 0 || from.ReadByte() >= 0)
            {
                throw archive.Damaged(
                    $"its entry {WeightFile.Quote(name)} does not unpack to the {directory.SizeOf(name)} bytes that it should have");
            }
        }
    }

    /// <summary>The pickle, the byte order, the storages, and what tells TorchScript.</summary>
    private static bool IsNeeded(string name) => name.Split('/') is [_, "data.pkl" or "byteorder" or "constants.pkl"] or [_, "data", _];
}
