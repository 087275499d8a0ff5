using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hone.Benchmarks.Recorded;

/// <summary>The text that tokenizers are measured on: 50,000,366 bytes of UTF-8 in 129,131 documents.</summary>
/// <param name="Documents">The documents in their order, each a string of its own.</param>
/// <param name="Bytes">Their length in UTF-8.</param>
public sealed record TokenizingText(IReadOnlyList<string> Documents, long Bytes)
{
    /// <summary>Bytes of the whole text.</summary>
    public const long WholeBytes = 50_000_366;

    /// <summary>The digest of the whole text, its documents one after another.</summary>
    public const string Sha256 = "f830cd36bc2069a51f3a5d8da031a7c670e41a27b8c9abd18730912de2487eaf";

    /// <summary>The name of the text in the peers' working folder, with a field <c>text</c> a line.</summary>
    public const string PeersFile = "tokenize.jsonl";

    /// <summary>The name of the distinct documents, where they lie by themselves.</summary>
    public const string DocumentsFile = "tokenize_documents.jsonl.gz";

    /// <summary>The name of their order: the index of each document of the text, 16 bits, little-endian.</summary>
    public const string OrderFile = "tokenize_order.u16";

    /// <summary>Whether a folder holds the text, in one form or the other.</summary>
    public static bool IsIn(string folder) =>
        File.Exists(Path.Combine(folder, PeersFile))
        || (File.Exists(Path.Combine(folder, DocumentsFile)) && File.Exists(Path.Combine(folder, OrderFile)));

    /// <summary>Reads the first documents that have so many bytes together.</summary>
    /// <param name="folder">Where the text lies.</param>
    /// <param name="bytes">How much of it.</param>
    public static TokenizingText Read(string folder, long bytes)
    {
        var documents = new List<string>();
        var size = 0L;
        foreach (var document in All(folder))
        {
            documents.Add(document);
            size += Encoding.UTF8.GetByteCount(document);
            if (size >= bytes)
            {
                break;
            }
        }

        return new TokenizingText(documents, size);
    }

    /// <summary>The digest of these documents.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var document in Documents)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(document));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> All(string folder)
    {
        var peers = Path.Combine(folder, PeersFile);
        if (File.Exists(peers))
        {
            return File.ReadLines(peers).Select(Text);
        }

        using var zip = new GZipStream(File.OpenRead(Path.Combine(folder, DocumentsFile)), CompressionMode.Decompress);
        using var reader = new StreamReader(zip);
        var distinct = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            distinct.Add(Text(line));
        }

        // A copy for each place, so that a document that comes again is not in the cache for that reason alone.
        var order = MemoryMarshal.Cast<byte, ushort>(File.ReadAllBytes(Path.Combine(folder, OrderFile))).ToArray();
        return order.Select(index => new string(distinct[index].AsSpan()));
    }

    private static string Text(string line)
    {
        using var row = JsonDocument.Parse(line);
        return row.RootElement.GetProperty("text").GetString()!;
    }
}
