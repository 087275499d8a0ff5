namespace Hone.Text.Pipeline;

/// <summary>The tokens of one text, with all that is known of each, while post-processors work on them.</summary>
internal sealed class TokenSequence
{
    /// <summary>The ids.</summary>
    public List<int> Ids { get; } = [];

    /// <summary>The tokens' spellings.</summary>
    public List<string> Tokens { get; } = [];

    /// <summary>Where each token starts in the input, in code points.</summary>
    public List<int> Starts { get; } = [];

    /// <summary>Where each token ends in the input, in code points.</summary>
    public List<int> Ends { get; } = [];

    /// <summary>The types.</summary>
    public List<int> TypeIds { get; } = [];

    /// <summary>1 for tokens that a post-processor added.</summary>
    public List<int> SpecialTokensMask { get; } = [];

    /// <summary>The number of each token's pre-token; −1 for added ones.</summary>
    public List<int> Words { get; } = [];

    /// <summary>The number of each token's text; −1 for added ones.</summary>
    public List<int> Sequences { get; } = [];

    /// <summary>Number of tokens.</summary>
    public int Count => Ids.Count;

    /// <summary>Adds a token that a post-processor adds.</summary>
    public void AddSpecial(int id, string token, int typeId)
    {
        Ids.Add(id);
        Tokens.Add(token);
        Starts.Add(0);
        Ends.Add(0);
        TypeIds.Add(typeId);
        SpecialTokensMask.Add(1);
        Words.Add(-1);
        Sequences.Add(-1);
    }

    /// <summary>Adds a token of a text.</summary>
    public void Add(int id, string token, int start, int end, int word, int sequence)
    {
        Ids.Add(id);
        Tokens.Add(token);
        Starts.Add(start);
        Ends.Add(end);
        TypeIds.Add(sequence);
        SpecialTokensMask.Add(0);
        Words.Add(word);
        Sequences.Add(sequence);
    }

    /// <summary>Adds all tokens of another sequence.</summary>
    public void AddAll(TokenSequence other)
    {
        Ids.AddRange(other.Ids);
        Tokens.AddRange(other.Tokens);
        Starts.AddRange(other.Starts);
        Ends.AddRange(other.Ends);
        TypeIds.AddRange(other.TypeIds);
        SpecialTokensMask.AddRange(other.SpecialTokensMask);
        Words.AddRange(other.Words);
        Sequences.AddRange(other.Sequences);
    }

    /// <summary>The tokens from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public TokenSequence Slice(int start, int end)
    {
        var slice = new TokenSequence();
        slice.Ids.AddRange(Ids[start..end]);
        slice.Tokens.AddRange(Tokens[start..end]);
        slice.Starts.AddRange(Starts[start..end]);
        slice.Ends.AddRange(Ends[start..end]);
        slice.TypeIds.AddRange(TypeIds[start..end]);
        slice.SpecialTokensMask.AddRange(SpecialTokensMask[start..end]);
        slice.Words.AddRange(Words[start..end]);
        slice.Sequences.AddRange(Sequences[start..end]);
        return slice;
    }

    /// <summary>The same tokens once more.</summary>
    public TokenSequence Copy() => Slice(0, Count);

    /// <summary>Gives all tokens one type.</summary>
    public void SetType(int typeId)
    {
        for (var index = 0; index < TypeIds.Count; index++)
        {
            TypeIds[index] = typeId;
        }
    }

    /// <summary>The finished result.</summary>
    public TokenizedText ToResult()
    {
        var offsets = new int[Ids.Count * 2];
        for (var index = 0; index < Ids.Count; index++)
        {
            offsets[index * 2] = Starts[index];
            offsets[(index * 2) + 1] = Ends[index];
        }

        return new TokenizedText([.. Ids], [.. Tokens], offsets)
        {
            SpecialTokensMask = [.. SpecialTokensMask],
            TypeIds = [.. TypeIds],
            WordIds = [.. Words],
            SequenceIds = [.. Sequences],
            AttentionMask = [.. Enumerable.Repeat(1, Ids.Count)],
        };
    }
}
