using Hone.Torch;

namespace Hone.Models;

/// <summary>Log-probabilities of given tokens, many sequences at once.</summary>
/// <param name="decoder">The model.</param>
/// <param name="tokensAtOnce">Tokens of a pass; sequences are packed up to it, and a longer one gets a pass of its
/// own.</param>
public sealed class SequenceScorer(Decoder decoder, int tokensAtOnce = 4096)
{
    /// <summary>Scores whole sequences.</summary>
    /// <param name="sequences">The tokens of each.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <returns>For each sequence, ln p(token t | tokens before it) at t; NaN at 0, which nothing predicts.</returns>
    /// <exception cref="CheckpointException">A sequence is longer than the context or has tokens that the model
    /// lacks.</exception>
    public float[][] Score(IReadOnlyList<int[]> sequences, double temperature = 1)
    {
        Check(sequences);
        using var noGrad = Autograd.NoGrad();
        var scores = new float[sequences.Count][];
        var next = 0;
        while (next < sequences.Count)
        {
            var (first, tokens) = (next, 0);
            while (next < sequences.Count && (next == first || tokens + sequences[next].Length <= tokensAtOnce))
            {
                tokens += sequences[next++].Length;
            }

            ScorePack(sequences, first, next, temperature, scores);
        }

        return scores;
    }

    private void ScorePack(IReadOnlyList<int[]> sequences, int first, int end, double temperature, float[][] scores)
    {
        using var scope = TensorScope.Open();
        int[][] pack = [.. Enumerable.Range(first, end - first).Select(i => sequences[i]).Where(
            tokens => tokens.Length > 0)];
        var logProbs = pack.Length == 0 ? [] : LogProbs(pack, temperature);
        var start = 0;
        for (var i = first; i < end; i++)
        {
            var length = sequences[i].Length;
            scores[i] = new float[length];
            if (length > 0)
            {
                scores[i][0] = float.NaN;
                logProbs.AsSpan(start, length - 1).CopyTo(scores[i].AsSpan(1));
                start += length;
            }
        }
    }

    // Of what each token predicts; the last of a sequence predicts nothing, but takes part so that the sequence has its
    // whole length.
    private float[] LogProbs(int[][] pack, double temperature)
    {
        long[] targets = [.. pack.SelectMany(tokens => tokens.Skip(1).Select(token => (long)token).Append(-1))];
        var hidden = decoder.Hidden(TokenBatch.Of(pack)); // [token, hidden]
        return decoder.Head.LogProbs(
            hidden, Tensor.From<long>(targets, targets.Length), temperature).LogProbs.ToArray<float>();
    }

    private void Check(IReadOnlyList<int[]> sequences)
    {
        var (context, vocabulary) = (decoder.Config.ContextLength, decoder.Config.VocabularySize);
        for (var i = 0; i < sequences.Count; i++)
        {
            if (sequences[i].Length > context)
            {
                throw new CheckpointException(
                    $"sequence {i}: must fit the model's context of {context} tokens, it has {sequences[i].Length}; "
                        + "cut it");
            }

            if (sequences[i].FirstOrDefault(id => id < 0 || id >= vocabulary) is not 0 and var unknown)
            {
                throw new CheckpointException(
                    $"sequence {i}: must have tokens from 0 to {vocabulary - 1}, got {unknown}; is this the model's "
                        + "tokenizer?");
            }
        }
    }
}
