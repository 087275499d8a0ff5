using System.Buffers.Binary;
using System.Text.Unicode;

namespace Hone.Models.Checkpoints;

/// <summary>The checked header of a safetensors file: which tensors lie where.</summary>
/// <remarks>
/// A file is 8 bytes with the header's length (little endian), the header (JSON: name to dtype, shape and
/// data_offsets), then the data. Everything is checked before a byte of data is read: a file that passes can be mapped
/// and used as it is.
/// </remarks>
public sealed class SafetensorsHeader
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const long LongestHeader = 100_000_000;

    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsHeader(SafetensorsHeaderParser parsed, long dataStart)
    {
        Entries = parsed.Entries;
        Metadata = parsed.Metadata;
        Warnings = parsed.Warnings;
        DataStart = dataStart;
        _byName = parsed.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The tensors in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The free text entries of the file, such as <c>format</c> = <c>pt</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What was odd but harmless, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Where the data begin, in bytes from the start of the file.</summary>
    public long DataStart { get; }

    /// <summary>The tensor of that name, or null.</summary>
    /// <param name="name">Its exact name.</param>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads and checks the header of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is missing, cut short, or breaks a rule of the
    /// format.</exception>
    public static SafetensorsHeader Read(string path)
    {
        using var stream = CheckpointFiles.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads and checks a header from the start of a stream that knows its length.</summary>
    /// <param name="stream">The whole file, positioned at its first byte.</param>
    /// <param name="where">What the stream is called in messages.</param>
    /// <exception cref="CheckpointException">The bytes break a rule of the format.</exception>
    public static SafetensorsHeader Read(Stream stream, string where)
    {
        Span<byte> start = stackalloc byte[ForeignFormat.LongestSign];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];

        try
        {
            var length = HeaderLength(start, stream.Length, where);
            var header = new byte[length];
            stream.Position = sizeof(ulong);
            stream.ReadExactly(header);
            CheckText(header, where);

            var parsed = SafetensorsHeaderParser.Parse(header, where);
            var dataStart = sizeof(ulong) + length;
            SafetensorsLayout.Check(parsed.Entries, stream.Length - dataStart, where);
            return new SafetensorsHeader(parsed, dataStart);
        }
        catch (CheckpointException) when (ForeignFormat.Recognise(start) is { } other)
        {
            throw new CheckpointException($"{where}: must be a safetensors file, looks like {other}");
        }
    }

    private static long HeaderLength(ReadOnlySpan<byte> start, long fileLength, string where)
    {
        if (start.Length < sizeof(ulong))
        {
            throw new CheckpointException(
                $"{where}: must have at least 8 bytes, the file is {fileLength} bytes; copy or download it again");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > LongestHeader)
        {
            throw new CheckpointException(
                $"{where}: the header may have at most {LongestHeader} bytes, header length {length} exceeds the "
                + "limit; this is not a safetensors file, or its first bytes are damaged");
        }

        if ((long)length > fileLength - sizeof(ulong))
        {
            throw new CheckpointException(
                $"{where}: the header must lie inside the file, header length {length} exceeds the file of "
                + $"{fileLength} bytes; it is cut short: copy or download it again");
        }

        return (long)length;
    }

    private static void CheckText(ReadOnlySpan<byte> header, string where)
    {
        var problem = header switch
        {
            [] => "the header is empty",
            _ when !Utf8.IsValid(header) => "the header is not UTF-8",
            [not (byte)'{', ..] => "the header does not begin with {",
            _ => null,
        };
        if (problem is not null)
        {
            throw new CheckpointException(
                $"{where}: the header must be a JSON object in UTF-8, {problem}; the file is damaged");
        }
    }
}
