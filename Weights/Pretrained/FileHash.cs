using System.Security.Cryptography;

namespace Interp.Weights.Pretrained;

/// <summary>SHA-256 of files.</summary>
internal static class FileHash
{
    /// <summary>The SHA-256 of a file's content in lower-case hexadecimal.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancel">Checked at every piece.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static string Compute(string file, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = new byte[1 << 17];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
