using System.Runtime.CompilerServices;
using System.Text;

namespace Hone.Text.Pipeline;

/// <summary>The tokens of one text while they are made.</summary>
/// <remarks>A piece encoder adds ids with byte positions inside its piece; <see cref="Align"/> turns these into code
/// points of the input.</remarks>
internal sealed class TokenBuffer
{
    private int[] _ids = new int[64];
    private int[] _starts = new int[64];
    private int[] _ends = new int[64];
    private int[] _words = new int[64];

    /// <summary>Number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>The ids.</summary>
    public Span<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Where each token starts.</summary>
    public Span<int> Starts => _starts.AsSpan(0, Count);

    /// <summary>Where each token ends.</summary>
    public Span<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>The number of each token's pre-token.</summary>
    public Span<int> Words => _words.AsSpan(0, Count);

    /// <summary>What tokens matched, by their place, where that may differ from their spelling in the
    /// vocabulary.</summary>
    public Dictionary<int, string> Matched { get; } = [];

    /// <summary>How many tokens were added that are spelt as the text they stand for.</summary>
    public int TextCount { get; private set; }

    /// <summary>Forgets all tokens.</summary>
    public void Clear()
    {
        Count = 0;
        if (Matched.Count > 0)
        {
            Matched.Clear();
        }
    }

    /// <summary>Adds a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
        {
            Reserve(1);
        }

        _ids[Count] = id;
        _starts[Count] = start;
        _ends[Count] = end;
        Count++;
    }

    /// <summary>Forgets all tokens but the first <paramref name="count"/>.</summary>
    public void CutTo(int count) => Count = count;

    /// <summary>Adds a token that is spelt as the text it stands for, not as its id: a run of unknown
    /// characters.</summary>
    public void AddAsText(int id, int start, int end)
    {
        Matched.Add(Count, "");
        TextCount++;
        Add(id, start, end);
    }

    /// <summary>Adds ids whose places are not known.</summary>
    public void AddPlain(ReadOnlySpan<int> ids)
    {
        ids.CopyTo(Free(ids.Length));
        Advance(ids.Length);
    }

    /// <summary>Adds tokens that lie one after the other, the first at byte 0; false, with none added, where their
    /// lengths do not tell where they lie.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="lengths">Their numbers of bytes, from <see cref="CopyLengths"/>.</param>
    public bool TryAddRun(ReadOnlySpan<int> ids, ReadOnlySpan<byte> lengths)
    {
        if (!lengths.IsEmpty && lengths[0] == 0)
        {
            return false;
        }

        var position = 0;
        for (var index = 0; index < ids.Length; index++)
        {
            Add(ids[index], position, position + lengths[index]);
            position += lengths[index];
        }

        return true;
    }

    /// <summary>Writes the numbers of bytes of the tokens from <paramref name="first"/> on, which are of one piece.
    /// Where they do not lie one after the other from byte 0 on, such as the bytes of one character, the first number
    /// is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyLengths(int first, Span<byte> lengths)
    {
        var position = 0;
        for (var index = first; index < Count; index++)
        {
            lengths[index - first] = (byte)(_ends[index] - _starts[index]);
            if (_starts[index] != position)
            {
                lengths[0] = 0;
            }

            position = _ends[index];
        }
    }

    /// <summary>Room for at least <paramref name="count"/> more ids; see <see cref="Advance"/>.</summary>
    public Span<int> Free(int count)
    {
        Reserve(count);
        return _ids.AsSpan(Count);
    }

    /// <summary>Takes the first <paramref name="count"/> ids that were written to <see cref="Free"/> as tokens, whose
    /// places are not known.</summary>
    public void Advance(int count) => Count += count;

    /// <summary>Turns the byte positions of the tokens from <paramref name="first"/> on, which are of the piece that
    /// starts at
    /// <paramref name="origin"/>, into code points of the input, and numbers their pre-token.</summary>
    public void Align(int first, AlignedText text, int origin, int word)
    {
        for (var index = first; index < Count; index++)
        {
            if (Matched.ContainsKey(index))
            {
                Matched[index] =
                    Encoding.UTF8.GetString(text.Bytes[(origin + _starts[index])..(origin + _ends[index])]);
            }

            _starts[index] = text.StartOf(origin + _starts[index]);
            _ends[index] = text.EndOf(origin + _ends[index] - 1);
            _words[index] = word;
        }
    }

    private void Reserve(int more)
    {
        var needed = checked(Count + more);
        if (needed > _ids.Length)
        {
            var size = Math.Max(needed, _ids.Length * 2);
            Array.Resize(ref _ids, size);
            Array.Resize(ref _starts, size);
            Array.Resize(ref _ends, size);
            Array.Resize(ref _words, size);
        }
    }
}
