using System.Globalization;
using System.Text;

namespace Hone.Data;

/// <summary>Reads a tar archive forwards: POSIX ustar with PAX headers, and GNU's long names. Every header's checksum
/// is verified.</summary>
/// <param name="source">The archive.</param>
/// <param name="name">What errors call it.</param>
internal sealed class TarArchive(Stream source, string name)
{
    private const int Block = 512;
    private const int LargestMember = 128 * 1024 * 1024;
    private const int LargestHeader = 1024 * 1024;

    private readonly byte[] _header = new byte[Block];
    private long _at;

    /// <summary>The next file.</summary>
    /// <returns>Its name and content; null at the end of the archive.</returns>
    /// <exception cref="DataException">The archive is damaged, or the file too large.</exception>
    public (string Name, byte[] Content)? Next()
    {
        string? longName = null;
        while (ReadHeader())
        {
            var member = longName ?? ShortName();
            var kind = (char)_header[156];
            switch (kind)
            {
                case 'x':
                    longName = PaxPath(ReadContent("a PAX header", LargestHeader)) ?? longName;
                    break;
                case 'L':
                    longName = Text(ReadContent("a long name", LargestHeader));
                    break;
                case '0' or '\0' or '7' when !member.EndsWith('/'):
                    return (member, ReadContent($"member \"{member}\"", LargestMember));
                default:
                    Skip(Size(), $"member \"{member}\"");
                    longName = kind is 'g' or 'K' ? longName : null;
                    break;
            }
        }

        return null;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>The path among records of the form <c>length key=value⏎</c>.</summary>
    private static string? PaxPath(ReadOnlySpan<byte> records)
    {
        while (records.IndexOf((byte)' ') is > 0 and var blank)
        {
            if (!int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= blank + 1 || length > records.Length)
            {
                return null;
            }

            var record = records[(blank + 1)..(length - 1)];
            if (record.StartsWith("path="u8))
            {
                return Encoding.UTF8.GetString(record["path=".Length..]);
            }

            records = records[length..];
        }

        return null;
    }

    private DataException Fail(string message) => new(new SourceLine(name), message);

    private bool ReadHeader()
    {
        var length = source.ReadAtLeast(_header, Block, throwOnEndOfStream: false);
        if (length == 0 || (length == Block && !_header.AsSpan().ContainsAnyExcept((byte)0)))
        {
            return false;
        }

        if (length < Block)
        {
            throw Fail($"the archive ends inside the header at byte {_at}; it was cut off");
        }

        // the checksum counts its own field as blanks
        var sum = 8 * ' ';
        for (var i = 0; i < Block; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : _header[i];
        }

        if (Octal(_header.AsSpan(148, 8)) != sum)
        {
            throw Fail(
                $"the checksum of the tar header at byte {_at} does not match; the file is damaged or no archive");
        }

        _at += Block;
        return true;
    }

    private string ShortName()
    {
        var prefix = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Text(_header.AsSpan(345, 155)) : "";
        var member = Text(_header.AsSpan(0, 100));
        return prefix.Length == 0 ? member : $"{prefix}/{member}";
    }

    private long Octal(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            // GNU's binary numbers
            var number = field[0] & 0x7FL;
            foreach (var part in field[1..])
            {
                number = number > long.MaxValue >> 8
                    ? throw Fail($"the tar header at byte {_at} is malformed")
                    : (number << 8) | part;
            }

            return number;
        }

        var value = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            value = digit is >= (byte)'0' and <= (byte)'7'
                ? (value << 3) | (uint)(digit - '0')
                : throw Fail($"the tar header at byte {_at} is malformed");
        }

        return value;
    }

    private long Size() => Octal(_header.AsSpan(124, 12));

    private byte[] ReadContent(string what, int largest)
    {
        var size = Size();
        if (size > largest)
        {
            throw Fail($"{what} must have at most {largest} bytes, got {size}");
        }

        var content = new MemoryStream();
        Copy(size, what, content);
        return content.ToArray();
    }

    private void Skip(long size, string what) => Copy(size, what, Stream.Null);

    private void Copy(long size, string what, Stream target)
    {
        var buffer = new byte[(int)Math.Clamp(size, Block, 64 * 1024)];
        var padded = (size + Block - 1) / Block * Block;
        for (var done = 0L; done < padded;)
        {
            var count = source.Read(buffer, 0, (int)Math.Min(buffer.Length, padded - done));
            target.Write(buffer, 0, (int)Math.Clamp(size - done, 0, count));
            done += count;
            if (count == 0)
            {
                _ = done >= size ? 0 : throw Fail($"the archive ends inside {what}; it was cut off");
                break;
            }
        }

        _at += padded;
    }
}
