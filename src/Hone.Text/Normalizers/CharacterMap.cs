using System.Buffers.Binary;

namespace Hone.Text.Normalizers;

/// <summary>SentencePiece's compiled table of replacements: a double-array trie and the texts that it points
/// to.</summary>
/// <remarks>
/// Layout: size of the trie in bytes (uint32, little endian), its units, then the replacements, each ended by a zero
/// byte. A unit holds a label (bits 0 to 7), whether a string ends below it (bit 8), and the offset to its children
/// (bits 10 to 30, shifted by 8 more where bit 9 is set); a unit with bit 31 holds a value.
/// </remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <summary>Reads the table.</summary>
    /// <exception cref="FormatException">It is not one; the message says why.</exception>
    public CharacterMap(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
        {
            throw new FormatException($"must be a table of replacements, but has only {data.Length} bytes");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (size > data.Length - 4 || size % 4 != 0 || size == 0)
        {
            throw new FormatException($"must hold a tree of {size} bytes, but has {data.Length - 4}");
        }

        _units = new uint[size / 4];
        for (var index = 0; index < _units.Length; index++)
        {
            _units[index] = BinaryPrimitives.ReadUInt32LittleEndian(data[(4 + (index * 4))..]);
        }

        _replacements = data[(4 + (int)size)..].ToArray();
    }

    /// <summary>The replacement of the longest (or shortest) string of the table that <paramref name="text"/> begins
    /// with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">Whether the longest string counts, or else the shortest.</param>
    /// <param name="length">The string's number of bytes; 0 where the text begins with none.</param>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> text, bool longest, out int length)
    {
        length = 0;
        var value = -1;
        var node = OffsetOf(_units[0]);
        for (var index = 0; index < text.Length && text[index] != 0; index++)
        {
            node ^= text[index];
            if (node >= (uint)_units.Length || (_units[node] & 0x800000FF) != text[index])
            {
                break;
            }

            var unit = _units[node];
            node ^= OffsetOf(unit);
            if ((unit & 0x100) != 0 && node < (uint)_units.Length)
            {
                (value, length) = ((int)(_units[node] & 0x7FFFFFFF), index + 1);
                if (!longest)
                {
                    break;
                }
            }
        }

        return value >= 0 && value < _replacements.Length ? UpToZero(_replacements.AsSpan(value)) : [];
    }

    private static uint OffsetOf(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);

    private static ReadOnlySpan<byte> UpToZero(ReadOnlySpan<byte> text) => text.IndexOf((byte)0) is >= 0 and var end
        ? text[..end]
        : text;
}
