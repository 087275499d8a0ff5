using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Text;
using Hone.Torch;

namespace Hone.Models.Encoders;

/// <summary>Turns texts into vectors whose cosine says how near their meanings are.</summary>
/// <remarks>Sentence-BERT, arXiv:1908.10084, section 3: the hidden states of a text pooled to one vector.</remarks>
public sealed class TextEmbedder : IDisposable
{
    private const int TokensAtOnce = 8192;

    private TextEmbedder(Encoder encoder, Tokenizer tokenizer, EmbeddingOptions options) =>
        (Encoder, Tokenizer, Options) = (encoder, tokenizer, options);

    /// <summary>The encoder; disposed of with this object.</summary>
    public Encoder Encoder { get; }

    /// <summary>The folder's tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>What the folder says about embedding.</summary>
    public EmbeddingOptions Options { get; }

    /// <summary>
    /// Loads the folder of an encoder, in the layout of sentence-transformers or of the encoder alone.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <exception cref="CheckpointException">Something is missing, damaged or not supported.</exception>
    /// <exception cref="TokenizerException">There is no tokenizer that can be used.</exception>
    public static TextEmbedder Load(string folder, DType compute = DType.Float32)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"{folder}: must be a model folder, there is no such folder; check the path");
        }

        var config = EncoderConfig.Read(ConfigFile.Read(folder));
        var options = EmbeddingOptions.Read(folder, config);
        var tokenizer = Tokenizer.Load(folder);
        if (tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new CheckpointException(
                $"{folder}: the tokenizer must not have more tokens than the model, it has {tokenizer.VocabularySize} "
                + $"and the model {config.VocabularySize}; take the tokenizer that the model was trained with");
        }

        using var checkpoint = Checkpoint.Open(folder);
        return new TextEmbedder(Encoder.Load(config, checkpoint, compute), tokenizer, options);
    }

    /// <summary>The tokens of a text, cut to a length with the token that ends it kept.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">Tokens in all; at most those the encoder has positions for.</param>
    public int[] Encode(string text, int maxLength)
    {
        var ids = Tokenizer.EncodeIds(text);
        var length = Math.Min(maxLength, Encoder.Config.MaxPositions);
        return ids.Length <= length ? ids : [.. ids.AsSpan(0, length - 1), ids[^1]];
    }

    /// <summary>The vectors of texts.</summary>
    /// <param name="sequences">The tokens of each, as <see cref="Encode"/> gives them.</param>
    /// <returns>One vector of the hidden size for each, in the same order.</returns>
    public float[][] Embed(IReadOnlyList<int[]> sequences)
    {
        using var noGrad = Autograd.NoGrad();
        var vectors = new float[sequences.Count][];

        // By length, so that texts of one length attend in one product; nothing is padded.
        var order = Enumerable.Range(0, sequences.Count).OrderBy(i => sequences[i].Length).ToArray();
        for (var next = 0; next < order.Length;)
        {
            var (first, tokens) = (next, 0);
            while (next < order.Length && (next == first || tokens + sequences[order[next]].Length <= TokensAtOnce))
            {
                tokens += sequences[order[next++]].Length;
            }

            EmbedPack(order.AsSpan(first, next - first), sequences, vectors);
        }

        return vectors;
    }

    /// <inheritdoc/>
    public void Dispose() => Encoder.Dispose();

    private void EmbedPack(ReadOnlySpan<int> pack, IReadOnlyList<int[]> sequences, float[][] vectors)
    {
        using var scope = TensorScope.Open();
        int[][] texts = [.. pack.ToArray().Select(i => sequences[i])];
        var hidden = Encoder.Hidden(TokenBatch.Of(texts)).To(DType.Float32); // [token, hidden]
        var start = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            using var inner = TensorScope.Open();
            var states = hidden.Narrow(0, start, texts[i].Length); // [time, hidden]
            var vector = Options.Pooling switch
            {
                Pooling.Mean => states.Mean(0),
                Pooling.First => states.Select(0, 0),
                Pooling.Largest => states.Max(0),
                _ => throw new InvalidOperationException($"unknown pooling {Options.Pooling}"),
            };
            vectors[pack[i]] = Options.Normalise ? Normalised(vector).ToArray<float>() : vector.ToArray<float>();
            start += texts[i].Length;
        }
    }

    // e / ‖e‖₂
    private static Tensor Normalised(Tensor vector) =>
        vector / Math.Max(Math.Sqrt((vector * vector).Sum().Item()), 1e-12);
}
