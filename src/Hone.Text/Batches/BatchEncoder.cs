using System.Runtime.ExceptionServices;
using Hone.Text.Pipeline;

namespace Hone.Text;

/// <summary>Encodes many texts on all processors, cuts and fills them up, and keeps their order.</summary>
/// <param name="tokenizer">The tokenizer.</param>
public sealed class BatchEncoder(Tokenizer tokenizer)
{
    /// <summary>How texts are cut; null for not at all. By default what <c>tokenizer.json</c> says.</summary>
    public Truncation? Truncation { get; init; } = tokenizer.Truncation;

    /// <summary>How texts are filled up; null for not at all. By default what <c>tokenizer.json</c> says.</summary>
    public Padding? Padding { get; init; } = tokenizer.Padding;

    /// <summary>Whether the post-processor adds its tokens.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Encodes texts.</summary>
    /// <exception cref="TokenizerException">A text cannot be expressed, or cannot be cut as it should be.</exception>
    public IReadOnlyList<TokenizedText> Encode(IReadOnlyList<TextInput> texts)
    {
        var encoded = new TokenizedText[texts.Count];
        ForEach(texts.Count, index => encoded[index] = EncodeOne(texts[index]));
        if (Padding is not { } padding)
        {
            return encoded;
        }

        var length = padding.Length ?? encoded.Select(text => text.Ids.Length).DefaultIfEmpty().Max();
        if (padding.MultipleOf is { } multiple and > 0)
        {
            length = (length + multiple - 1) / multiple * multiple;
        }

        return [.. encoded.Select(text => Fill(text, padding, length))];
    }

    /// <summary>Calls <paramref name="work"/> for each number, on all processors; of several faults the one of the
    /// smallest number is told.</summary>
    internal static void ForEach(int count, Action<int> work)
    {
        if (count <= 1)
        {
            for (var index = 0; index < count; index++)
            {
                work(index);
            }

            return;
        }

        // Numbers are handed out in order: what is smaller than a fault's has been begun, and is brought to its end.
        var (fault, place, next) = ((ExceptionDispatchInfo?)null, int.MaxValue, -1);
        var gate = new Lock();
        Parallel.For(0, Math.Min(count, Environment.ProcessorCount), _ =>
        {
            for (int index; (index = Interlocked.Increment(ref next)) < count && index < Volatile.Read(ref place);)
            {
                try
                {
                    work(index);
                }
                catch (TokenizerException problem)
                {
                    lock (gate)
                    {
                        (fault, place) =
                            index < place ? (ExceptionDispatchInfo.Capture(problem), index) : (fault, place);
                    }
                }
            }
        });
        fault?.Throw();
    }

    private TokenizedText EncodeOne(TextInput input)
    {
        var first = new CutSequence(tokenizer.Read(input.Text, 0), []);
        var second = input.Pair is { } pair ? new CutSequence(tokenizer.Read(pair, 1), []) : null;
        if (Truncation is { } truncation)
        {
            var room = truncation.MaxLength - (AddSpecialTokens ? tokenizer.AddedTokensFor(second is not null) : 0);
            (first, second) = SequenceCutter.Cut(first, second, truncation, room);
        }

        var others = Others(first, second).Select(part => Finish(part.First, part.Second));
        return Finish(first.Main, second?.Main) with { Overflowing = [.. others] };
    }

    // Every part of the first text with every part of the second, but for the two main ones.
    private static IEnumerable<(TokenSequence First, TokenSequence? Second)> Others(
        CutSequence first, CutSequence? second)
    {
        IEnumerable<TokenSequence?> seconds = second is null ? [null] : [second.Main, .. second.Overflowing];
        foreach (var part in first.Overflowing)
        {
            foreach (var other in seconds)
            {
                yield return (part, other);
            }
        }

        foreach (var other in second?.Overflowing ?? [])
        {
            yield return (first.Main, other);
        }
    }

    private TokenizedText Finish(TokenSequence first, TokenSequence? second) => tokenizer.Finish(
        second is null ? [first.Copy()] : [first.Copy(), second.Copy()], AddSpecialTokens);

    private static TokenizedText Fill(TokenizedText text, Padding padding, int length)
    {
        var others = text.Overflowing.Select(part => Fill(part, padding, length)).ToList();
        var missing = length - text.Ids.Length;
        if (missing <= 0)
        {
            return text with { Overflowing = others };
        }

        T[] Filled<T>(T[] values, T value, int each = 1)
        {
            var filling = Enumerable.Repeat(value, missing * each);
            return padding.Side == TextSide.Right ? [.. values, .. filling] : [.. filling, .. values];
        }

        return new TokenizedText(
            Filled(text.Ids, padding.Id), Filled(text.Tokens, padding.Token), Filled(text.Offsets, 0, each: 2))
        {
            SpecialTokensMask = Filled(text.SpecialTokensMask, 1),
            TypeIds = Filled(text.TypeIds, padding.TypeId),
            WordIds = Filled(text.WordIds, -1),
            SequenceIds = Filled(text.SequenceIds, -1),
            AttentionMask = Filled(text.AttentionMask, 0),
            Overflowing = others,
        };
    }
}
