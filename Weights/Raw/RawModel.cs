using System.Buffers;
using System.Security.Cryptography;
using Interp.Engine.Common;
using Interp.Engine.Graph;

namespace Interp.Weights.Raw;

/// <summary>Raw tensor folders: what the converter writes and every other command loads.</summary>
public static class RawModel
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>
    /// Opens a model. Its weights are views of the memory-mapped file, so opening takes milliseconds whatever the size and copies nothing;
    /// their checksums are not looked at (see <see cref="Verify"/>).
    /// </summary>
    /// <exception cref="ModelException">The folder holds no model, or a damaged one.</exception>
    public static Network Open(string folder) => RawReader.Open(folder);

    /// <summary>What a folder holds, from its description alone.</summary>
    /// <exception cref="ModelException">The folder holds no model, or a damaged one.</exception>
    public static ModelInfo Info(string folder, bool bundled = false)
    {
        RawDescription description = RawReader.Describe(folder);
        string[] types = [.. description.Slots.Values.Select(s => s.Type).Distinct().Select(Engine.Tensors.DTypes.Name)];
        return new ModelInfo(
            description.Document.Name,
            folder,
            bundled,
            description.Document.Labels.Length,
            description.Document.InputSize,
            description.Slots.Values.Sum(s => s.Shape.Count),
            types.Length == 1 ? types[0] : "mixed",
            description.Slots.Values.Max(s => s.Offset + s.Length),
            description.Document.OutputActivation)
        {
            Assumptions = description.Document.Assumptions ?? [],
            InputWidth = description.Document.InputWidth ?? description.Document.InputSize,
            Channels = ((Engine.Layers.Input)description.Document.Architecture[0].Layer).Channels,
        };
    }

    /// <summary>Computes the SHA-256 of every tensor and compares it with the table's.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    /// <param name="cancel">Checked at every megabyte.</param>
    /// <exception cref="ModelException">A tensor differs; the message names it.</exception>
    public static void Verify(string folder, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        RawDescription description = RawReader.Describe(folder);
        long total = description.Slots.Values.Sum(s => s.Length);
        long done = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(Path.Combine(folder, RawFormat.TensorFile));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (TensorSlot slot in description.Slots.Values.OrderBy(s => s.Offset))
            {
                for (long at = 0; at < slot.Length;)
                {
                    cancel.ThrowIfCancellationRequested();
                    int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(ChunkBytes, slot.Length - at)), slot.Offset + at);
                    if (read == 0)
                    {
                        throw new ModelException(
                            $"{folder}: {RawFormat.TensorFile} ends inside tensor '{slot.Name}'; convert the model again");
                    }

                    hash.AppendData(buffer, 0, read);
                    at += read;
                    progress?.Invoke(done += read, total);
                }

                if (Convert.ToHexStringLower(hash.GetHashAndReset()) is var found && found != slot.Sha256)
                {
                    throw new ModelException(
                        $"{folder}: tensor '{slot.Name}' is damaged: its SHA-256 is {found}, "
                        + $"expected {slot.Sha256}; convert the model again");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{folder}: cannot read {RawFormat.TensorFile}: {Text.OneLine(e.Message)}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
