using Hone.Torch;

namespace Hone.Models.Export;

/// <summary>
/// Keeps what a model predicts for a few tokens, to compare another model with it later, when the first is gone.
/// </summary>
public sealed class ParityProbe : IDisposable
{
    /// <summary>Tokens that are compared at most: a row of logits is kept for each.</summary>
    public const int MostTokens = 512;

    private readonly int[] _tokens;
    private readonly Tensor _logits;

    private ParityProbe(int[] tokens, Tensor logits) => (_tokens, _logits) = (tokens, logits);

    /// <summary>Runs the first model.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="tokens">What to predict; cut to <see cref="MostTokens"/> and to the model's context. At least
    /// one.</param>
    public static ParityProbe Of(Decoder decoder, int[] tokens)
    {
        int[] kept = [.. tokens.Take(Math.Min(MostTokens, decoder.Config.ContextLength))];
        return new ParityProbe(kept, TensorScope.Detach(Logits(decoder, kept)));
    }

    /// <summary>Runs the second model and compares.</summary>
    /// <param name="other">The model.</param>
    public ParityReport Compare(Decoder other) => Compare(tokens => Logits(other, tokens));

    /// <summary>Compares with what another way of computing predicts.</summary>
    /// <param name="other">Gives the logits after each token, float32 <c>[token, vocab]</c>.</param>
    public ParityReport Compare(Func<int[], Tensor> other)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var logits = other(_tokens); // [token, vocab]
        var (before, after) = (_logits.LogSoftmax(1), logits.LogSoftmax(1));

        // KL(p ‖ p′) = Σ p·(ln p − ln p′)
        var divergence = (before.Exp() * (before - after)).Sum(1); // [token]
        return new ParityReport(
            _tokens.Length,
            (_logits - logits).Abs().Max().Item(),
            divergence.To(DType.Float64).Mean().Item(),
            _logits.ArgMax(1).EqualTo(logits.ArgMax(1)).To(DType.Float64).Mean().Item(),
            MeanOfOwn(before),
            MeanOfOwn(after));
    }

    /// <inheritdoc/>
    public void Dispose() => _logits.Dispose();

    private static Tensor Logits(Decoder decoder, int[] tokens)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return scope.Keep(decoder.Head.Logits(decoder.Hidden(TokenBatch.Of(tokens))).To(DType.Float32));
    }

    private double MeanOfOwn(Tensor logProbs)
    {
        if (_tokens.Length < 2)
        {
            return 0;
        }

        long[] next = [.. _tokens.Skip(1).Select(token => (long)token)];
        return logProbs.Narrow(0, 0, next.Length).Gather(1, Tensor.From<long>(next, next.Length, 1)).To(DType.Float64)
            .Mean().Item();
    }
}
