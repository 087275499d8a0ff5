using Hone.Models.Configuration;

namespace Hone.Models.Generation;

/// <summary>Changes logits by what the text says already: biases, penalties, bans.</summary>
/// <param name="vocabularySize">Length of a row.</param>
internal sealed class LogitRules(int vocabularySize)
{
    private readonly int[] _counts = new int[vocabularySize]; // all zero between calls

    /// <summary>Applies the rules in their order.</summary>
    public void Apply(Span<float> row, SamplingOptions options, SampledText text)
    {
        foreach (var bias in options.Biases)
        {
            Add(row, bias.Tokens, text.Tokens, (float)bias.Bias);
        }

        PenaliseRepetition(row, (float)options.RepetitionPenalty, text.Tokens);
        PenaliseCounts(row, options, text.NewTokens);
        BanRepeats(row, options.NoRepeatLength, text.Tokens);
        if (text.NewTokens.Length < options.MinNewTokens)
        {
            Ban(row, options.StopTokens);
        }

        Ban(row, options.Suppressed);
    }

    private static void Add(Span<float> row, ValueList<int> phrase, ReadOnlySpan<int> text, float bias)
    {
        var before = phrase.Count - 1;
        for (var i = 0; i < before; i++)
        {
            if (before > text.Length || text[text.Length - before + i] != phrase[i])
            {
                return;
            }
        }

        row[phrase[before]] += bias;
    }

    // logit / p where it is positive, logit · p where it is negative, once for each token of prompt and completion.
    private void PenaliseRepetition(Span<float> row, float penalty, ReadOnlySpan<int> tokens)
    {
        if (penalty == 1)
        {
            return;
        }

        foreach (var token in tokens)
        {
            if (_counts[token]++ == 0)
            {
                row[token] = row[token] < 0 ? row[token] * penalty : row[token] / penalty;
            }
        }

        Clear(tokens);
    }

    // logit − frequency · count − presence, counts over the completion.
    private void PenaliseCounts(Span<float> row, SamplingOptions options, ReadOnlySpan<int> tokens)
    {
        if (options.FrequencyPenalty == 0 && options.PresencePenalty == 0)
        {
            return;
        }

        foreach (var token in tokens)
        {
            row[token] -= (float)(options.FrequencyPenalty + (_counts[token]++ == 0 ? options.PresencePenalty : 0));
        }

        Clear(tokens);
    }

    // No run of this many tokens occurs twice: what followed the last tokens before cannot follow them again.
    private static void BanRepeats(Span<float> row, int length, ReadOnlySpan<int> text)
    {
        if (length == 0 || text.Length < length)
        {
            return;
        }

        var end = text[(text.Length - length + 1)..];
        for (var start = 0; start + length <= text.Length; start++)
        {
            if (text.Slice(start, length - 1).SequenceEqual(end))
            {
                row[text[start + length - 1]] = float.NegativeInfinity;
            }
        }
    }

    private static void Ban(Span<float> row, ValueList<int> tokens)
    {
        foreach (var token in tokens)
        {
            row[token] = float.NegativeInfinity;
        }
    }

    private void Clear(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
        {
            _counts[token] = 0;
        }
    }
}
