using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hone.Data.Hub;

/// <summary>What a file's content must hash to, as the hub names it in an entity tag.</summary>
/// <remarks>Large files are named by the SHA-256 of their content; all others by git's name for them, which is the
/// SHA-1 of <c>blob SIZE\0</c> and the content.</remarks>
/// <param name="Hex">The hash in lower case: 64 digits or 40.</param>
internal sealed record BlobHash(string Hex)
{
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;

    /// <summary>Reads an entity tag, strong or weak; null where it names neither kind of hash.</summary>
    public static BlobHash? TryParse(string tag)
    {
        var hex = (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"');
        return hex.Length is Sha256Digits or GitDigits && hex.All(char.IsAsciiHexDigit)
            ? new BlobHash(hex.ToLowerInvariant())
            : null;
    }

    /// <summary>Begins to hash a file.</summary>
    /// <param name="size">How many bytes it has.</param>
    public IncrementalHash Begin(long size)
    {
        if (Hex.Length == Sha256Digits)
        {
            return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }

        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
        return hash;
    }
}
