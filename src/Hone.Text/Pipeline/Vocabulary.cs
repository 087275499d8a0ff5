using System.Runtime.CompilerServices;
using System.Text;

namespace Hone.Text.Pipeline;

/// <summary>Tokens by id and ids by token, as flat tables of UTF-8.</summary>
internal sealed class Vocabulary
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;     // [id + 1]; an id that is not given has no bytes
    private readonly bool[] _given;     // [id]
    private readonly ulong[] _slots;    // id + 1, 0 where free; and in the upper half the hash
    private readonly string?[] _texts;  // [id], made when first asked for

    /// <summary>Lays out the tokens. Of two with the same bytes the later one counts; ids may have gaps.</summary>
    public Vocabulary(IReadOnlyList<(byte[] Token, int Id)> entries)
    {
        foreach (var (_, id) in entries)
        {
            Limit = Math.Max(Limit, id + 1);
        }

        _starts = new int[Limit + 1];
        _given = new bool[Limit];
        _texts = new string?[Limit];
        var byId = new byte[]?[Limit];
        foreach (var (token, id) in entries)
        {
            byId[id] = token;
        }

        var total = 0;
        for (var id = 0; id < Limit; id++)
        {
            _starts[id] = total;
            total = checked(total + (byId[id]?.Length ?? 0));
        }

        _starts[Limit] = total;
        _bytes = new byte[total];
        _slots = new ulong[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, Limit * 2))];
        for (var id = 0; id < Limit; id++)
        {
            if (byId[id] is { } token)
            {
                token.CopyTo(_bytes, _starts[id]);
                _given[id] = true;
                Count++;
                _slots[SlotOf(token, out var hash)] = ((ulong)hash << 32) | (uint)(id + 1);
            }
        }
    }

    /// <summary>Number of tokens.</summary>
    public int Count { get; }

    /// <summary>One more than the largest id.</summary>
    public int Limit { get; }

    /// <summary>The longest token's number of bytes.</summary>
    public int LongestToken
    {
        get
        {
            var longest = 0;
            for (var id = 0; id < Limit; id++)
            {
                longest = Math.Max(longest, _starts[id + 1] - _starts[id]);
            }

            return longest;
        }
    }

    /// <summary>Whether a token has the id.</summary>
    public bool Contains(int id) => (uint)id < (uint)Limit && _given[id];

    /// <summary>The token's bytes.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes.AsSpan(_starts[id].._starts[id + 1]);

    /// <summary>The token's text.</summary>
    public string TextOf(int id) => _texts[id] ??= Encoding.UTF8.GetString(BytesOf(id));

    /// <summary>The id of a token, −1 where there is none.</summary>
    public int Find(ReadOnlySpan<byte> token) => (int)(uint)_slots[SlotOf(token, out _)] - 1;

    /// <summary>The id of a token, −1 where there is none.</summary>
    public int Find(string token) => Find(Encoding.UTF8.GetBytes(token));

    // Bytes are looked at only where hashes agree.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int SlotOf(ReadOnlySpan<byte> token, out uint hash)
    {
        hash = ByteHash.Of(token);
        var mask = _slots.Length - 1;
        for (var slot = (int)(hash & (uint)mask); ; slot = (slot + 1) & mask)
        {
            var found = _slots[slot];
            if (found == 0 || ((uint)(found >> 32) == hash && BytesOf((int)(uint)found - 1).SequenceEqual(token)))
            {
                return slot;
            }
        }
    }
}
