namespace Hone.Data;

/// <summary>Bits of some bytes, least significant first.</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct ForwardBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Bytes that were begun.</summary>
    public readonly int Used => (_at + 7) >> 3;

    /// <summary>The next <paramref name="count"/> (at most 24) bits without taking them; beyond the end they are
    /// zero.</summary>
    public readonly uint Peek(int count)
    {
        var bits = 0U;
        for (var i = 3; i >= 0; i--)
        {
            var index = (_at >> 3) + i;
            bits = (bits << 8) | (index < _bytes.Length ? _bytes[index] : 0U);
        }

        return (bits >> (_at & 7)) & ((1U << count) - 1);
    }

    /// <summary>Takes the next <paramref name="count"/> bits.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public uint Read(int count)
    {
        var value = Peek(count);
        _at += count;
        return _at <= 8 * _bytes.Length ? value : throw new InvalidDataException("an entropy table is cut off");
    }
}
