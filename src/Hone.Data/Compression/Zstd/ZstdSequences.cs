namespace Hone.Data;

/// <summary>The commands of a Zstandard block: copy so many literals, then so many bytes from so far back (RFC 8878,
/// 3.1.1.3.2).</summary>
internal sealed class ZstdSequences
{
    private static readonly FseTable UsualLiterals = new(
        [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1,
            -1, -1, -1], 6);

    private static readonly FseTable UsualOffsets = new(
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5);

    private static readonly FseTable UsualMatches = new(
        [1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1], 6);

    private static readonly byte[] LiteralBits =
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12,
            13, 14, 15, 16];

    private static readonly byte[] MatchBits =
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
            1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    private static readonly int[] LiteralStarts = Starts(LiteralBits, 0);
    private static readonly int[] MatchStarts = Starts(MatchBits, 3);

    private readonly uint[] _repeats = [1, 4, 8];
    private FseTable? _literals;
    private FseTable? _offsets;
    private FseTable? _matches;

    /// <summary>Takes a command: literals, then a match.</summary>
    /// <param name="literals">Literals to copy.</param>
    /// <param name="distance">How far back the match begins.</param>
    /// <param name="length">How long it is.</param>
    public delegate void Command(int literals, uint distance, int length);

    /// <summary>Decodes a block's commands in turn.</summary>
    /// <exception cref="InvalidDataException">They contradict themselves.</exception>
    public void Decode(ReadOnlySpan<byte> bytes, Command command)
    {
        var count = ReadCount(ref bytes);
        if (count == 0)
        {
            return;
        }

        var modes = bytes.Length > 0 ? bytes[0] : throw CutOff();
        if ((modes & 3) != 0)
        {
            throw new InvalidDataException("a block uses what is reserved");
        }

        bytes = bytes[1..];
        _literals = ReadTable(ref bytes, modes >> 6, _literals, UsualLiterals, 35, 9);
        _offsets = ReadTable(ref bytes, (modes >> 4) & 3, _offsets, UsualOffsets, 31, 8);
        _matches = ReadTable(ref bytes, (modes >> 2) & 3, _matches, UsualMatches, 52, 9);
        Decode(bytes, count, _literals, _offsets, _matches, command);
    }

    private static int[] Starts(byte[] bits, int first)
    {
        var starts = new int[bits.Length];
        for (var code = 0; code < bits.Length; code++)
        {
            starts[code] = first;
            first += 1 << bits[code];
        }

        return starts;
    }

    private static InvalidDataException CutOff() => new("a block is cut off");

    private static int ReadCount(ref ReadOnlySpan<byte> bytes)
    {
        var (count, used) = bytes switch
        {
            [< 128 and var one, ..] => (one, 1),
            [255, var low, var high, ..] => (low + (high << 8) + 0x7F00, 3),
            [< 255 and var high, var low, ..] => (((high - 128) << 8) + low, 2),
            _ => throw CutOff(),
        };
        bytes = bytes[used..];
        return count;
    }

    private static FseTable ReadTable(
        ref ReadOnlySpan<byte> bytes, int mode, FseTable? last, FseTable usual, int largestSymbol, int largestAccuracy)
    {
        switch (mode)
        {
            case 0:
                return usual;
            case 1:
                var only = bytes.Length > 0 && bytes[0] <= largestSymbol
                    ? new FseTable(bytes[0])
                    : throw new InvalidDataException("a block repeats a code that there is not");
                bytes = bytes[1..];
                return only;
            case 2:
                var table = FseTable.Read(bytes, largestSymbol, largestAccuracy, out var used);
                bytes = bytes[used..];
                return table;
            default:
                return last ?? throw new InvalidDataException("a block repeats a table that there is not");
        }
    }

    private void Decode(
        ReadOnlySpan<byte> bytes, int count, FseTable literals, FseTable offsets, FseTable matches, Command command)
    {
        var bits = new BackwardBits(bytes);
        var literalState = bits.Read(literals.Accuracy);
        var offsetState = bits.Read(offsets.Accuracy);
        var matchState = bits.Read(matches.Accuracy);
        for (var i = 0; i < count; i++)
        {
            var literalCode = literals.Symbol(literalState);
            var offsetCode = offsets.Symbol(offsetState);
            var matchCode = matches.Symbol(matchState);
            var offset = (1U << offsetCode) + bits.Read(offsetCode);
            var match = MatchStarts[matchCode] + (int)bits.Read(MatchBits[matchCode]);
            var literal = LiteralStarts[literalCode] + (int)bits.Read(LiteralBits[literalCode]);
            command(literal, Distance(offset, literal == 0), match);
            if (i + 1 < count)
            {
                literalState = literals.Next(literalState, ref bits);
                matchState = matches.Next(matchState, ref bits);
                offsetState = offsets.Next(offsetState, ref bits);
            }
        }

        if (bits.Left != 0)
        {
            throw new InvalidDataException("a block's commands have another length than they say");
        }
    }

    /// <summary>The values 1 … 3 stand for the last distances, shifted by one after no literals (RFC 8878,
    /// 3.1.1.5).</summary>
    private uint Distance(uint offset, bool noLiterals)
    {
        if (offset > 3)
        {
            (_repeats[2], _repeats[1], _repeats[0]) = (_repeats[1], _repeats[0], offset - 3);
            return _repeats[0];
        }

        var which = offset - 1 + (noLiterals ? 1U : 0U);
        var distance = which < 3 ? _repeats[which] : _repeats[0] - 1;
        if (which > 0)
        {
            (_repeats[2], _repeats[1], _repeats[0]) = (which > 1 ? _repeats[1] : _repeats[2], _repeats[0], distance);
        }

        return distance;
    }
}
