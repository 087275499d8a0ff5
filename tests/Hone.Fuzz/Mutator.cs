using System.Buffers.Binary;
using System.Text;

namespace Hone.Fuzz;

/// <summary>
/// Changes an input in one to eight places, in the ways that break readers: bits, counts, lengths, order, ends.
/// </summary>
/// <param name="draws">Decides what is changed.</param>
internal sealed class Mutator(Draws draws)
{
    private const int LongestInput = 1 << 16;

    private static readonly long[] Numbers =
    [
        -1, 0, 1, 2, 7, 8, 16, 127, 128, 255, 256, 1024, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue,
        uint.MaxValue,
        1L << 32, 1L << 40, long.MaxValue, long.MinValue,
    ];

    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "null", "true", "-1", "1e999", "NaN", "\"\"", "{}", "[]", "[[[[[[[[", "{\"a\":", "\\u0000", "\\ud800",
            "\"type\"", "99999999999999999999",
            "0.1", ",", ":", "\n", "\r\n", "\t", "\0", "�", "{{", "}}", "{%", "%}", "{# ", "for", "in", "range(", "|",
            "(", ")", "*", "endfor",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ];

    /// <summary>A changed copy.</summary>
    /// <param name="input">What to change.</param>
    /// <param name="other">Another input, whose parts may come in.</param>
    public byte[] Change(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (var changes = 1 + (draws.Below(4) == 0 ? draws.Below(8) : draws.Below(2)); changes > 0; changes--)
        {
            Change(bytes, other);
        }

        if (bytes.Count > LongestInput)
        {
            bytes.RemoveRange(LongestInput, bytes.Count - LongestInput);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Part(other));
            return;
        }

        var at = draws.Below(bytes.Count);
        switch (draws.Below(11))
        {
            case 0:
                bytes[at] ^= (byte)(1 << draws.Below(8));
                break;
            case 1:
                bytes[at] = (byte)draws.Next();
                break;
            case 2:
                Put(bytes, at);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(Length(), bytes.Count - at));
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(Length(), bytes.Count - at)));
                break;
            case 5:
                bytes.InsertRange(at, Part(other));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                bytes.InsertRange(at, draws.Of(Words));
                break;
            case 8:
                Number(bytes, at);
                break;
            case 9:
                bytes[at] = (byte)(bytes[at] + draws.Below(5) - 2);
                break;
            default:
                Repeat(bytes, at);
                break;
        }
    }

    private int Length() => 1 << draws.Below(8);

    private byte[] Part(byte[] other)
    {
        var at = draws.Below(other.Length + 1);
        return other[at..Math.Min(other.Length, at + Length())];
    }

    /// <summary>An integer of the formats, in 2, 4 or 8 bytes, over what is there.</summary>
    private void Put(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, draws.Of(Numbers));
        var length = Math.Min(2 << draws.Below(3), bytes.Count - at);
        for (var i = 0; i < length; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    /// <summary>Another number where digits stand behind <paramref name="at"/>.</summary>
    private void Number(List<byte> bytes, int at)
    {
        var start = bytes.FindIndex(at, value => char.IsAsciiDigit((char)value));
        if (start < 0)
        {
            return;
        }

        var end = bytes.FindIndex(start, value => !char.IsAsciiDigit((char)value));
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes($"{draws.Of(Numbers)}"));
    }

    /// <summary>One byte many times, which is how nesting becomes deep and runs become long.</summary>
    private void Repeat(List<byte> bytes, int at) =>
        bytes.InsertRange(at, Enumerable.Repeat(bytes[at], 1 << draws.Below(14)));
}
