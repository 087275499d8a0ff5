using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>
/// What the fused step predicts for given tokens, with weights, keys and values kept as a generation engine keeps them.
/// </summary>
/// <remarks>Tokens go through a cache, so that scores have the bits that completions have.</remarks>
public sealed class StepScorer
{
    // Rows of logits at once; a multiple of a page.
    private const int TokensAtOnce = 256;

    private readonly Decoder _decoder;
    private readonly EngineOptions _options;

    /// <summary>Creates a scorer.</summary>
    /// <param name="decoder">The model, with the adapters that are switched on.</param>
    /// <param name="options">How weights, keys and values are kept.</param>
    /// <exception cref="CheckpointException">The fused step does not cover the model, or what is switched
    /// on.</exception>
    public StepScorer(Decoder decoder, EngineOptions options)
    {
        GenerationPath.Of(decoder, options with { Path = GenerationPathChoice.Fused });
        (_decoder, _options) = (decoder, options);
        if (FusedDialect.Obstacles(decoder, decoder.Adapters.Active).FirstOrDefault() is { } obstacle)
        {
            throw new CheckpointException(
                "scores: the model must go without an adapter or with one that the fused step covers, but its "
                    + $"{obstacle}; merge it first (`hone adapter merge`), or take \"compute\"");
        }
    }

    /// <summary>Logits of the token after each, float32 <c>[token, vocab]</c>.</summary>
    /// <param name="tokens">One sequence; not empty.</param>
    public Tensor Logits(int[] tokens)
    {
        using var scope = TensorScope.Open();
        var logits = Tensor.Empty(DType.Float32, tokens.Length, _decoder.Config.VocabularySize);
        Run(tokens, (first, some) => logits.Narrow(0, first, some.Shape[0]).CopyFrom(some));
        return scope.Keep(logits);
    }

    /// <summary>Scores one sequence.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <returns>ln p(token t | tokens before it) at t; NaN at 0, which nothing predicts.</returns>
    public float[] Score(int[] tokens)
    {
        var scores = new float[tokens.Length];
        scores.AsSpan().Fill(float.NaN);
        Run(tokens, (first, logits) =>
        {
            var count = (int)Math.Min(logits.Shape[0], tokens.Length - 1 - first);
            if (count > 0)
            {
                long[] next = [.. tokens.Skip(first + 1).Take(count).Select(token => (long)token)];
                var logProbs = logits.Narrow(0, 0, count).To(DType.Float32).LogSoftmax(1);
                logProbs.Gather(1, Tensor.From<long>(next, count, 1)).Reshape(count).ToArray<float>().CopyTo(
                    scores, first + 1);
            }
        });
        return scores;
    }

    // Chunk by chunk; each gets its logits in the compute dtype.
    private void Run(int[] tokens, Action<int, Tensor> take)
    {
        using var noGrad = Autograd.NoGrad();
        var (config, type, size) = (_decoder.Config, _options.CacheType(_decoder.ComputeType), _options.PageSize);
        var pages = (tokens.Length + size - 1) / size;
        using var cache = new KeyValueCache(config, type, size, pages, pages);
        using var step = new FusedStep(_decoder, _options.Weights);
        for (var first = 0; first < tokens.Length; first += TokensAtOnce)
        {
            using var scope = TensorScope.Open();
            var count = Math.Min(TokensAtOnce, tokens.Length - first);
            take(first, step.Run(Chunk(tokens, first, count, pages), cache, new TokenChoices()).Logits);
        }
    }

    private StepTensors Chunk(int[] tokens, int first, int count, int pages)
    {
        long[] places = [.. Enumerable.Range(0, count).Select(i => (long)i)];
        long[] positions = [.. places.Select(i => first + i)];
        return new StepTensors
        {
            Ids = Tensor.Of<long>([.. tokens.Skip(first).Take(count).Select(token => (long)token)]),
            Positions = Tensor.Of<long>(positions),
            Lengths = [.. Enumerable.Repeat(tokens.Length, count)],
            Slots = Tensor.Of<long>(positions),
            BlockTable = Tensor.From<int>([.. Enumerable.Range(0, pages)], 1, pages),
            QueryStarts = Tensor.Of<int>(0, count),
            ContextLengths = Tensor.Of<int>(first + count),
            Wanted = Tensor.Of<long>(places),
            Uses = [(_decoder.Adapters.Active, count)],
            WantedUses = [(_decoder.Adapters.Active, count)],
        };
    }
}
