using System.Globalization;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>A unigram language model: of all ways to cut a piece into tokens the one whose scores sum to the
/// most.</summary>
/// <remarks>
/// Kudo, arXiv:1804.10959. A later way must be better, not equal, to win. A character that no token covers alone costs
/// the lowest score less 10; neighbouring ones are one unknown run, which becomes its bytes where the vocabulary has
/// tokens &lt;0x00&gt; to &lt;0xFF&gt; for them.
/// </remarks>
internal sealed class UnigramModel : ITokenModel
{
    private readonly int[] _byteTokens;

    /// <summary>Builds the model.</summary>
    public UnigramModel(Vocabulary vocabulary, UnigramOptions options)
    {
        Vocabulary = vocabulary;
        Options = options;
        Scores = [.. options.Scores.Select(score => score ?? 0)];
        _byteTokens = [.. Enumerable.Range(0, 256)
            .Select(value => options.ByteFallback
                ? vocabulary.Find(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"))
                : -1)];

        // Of equal tokens the vocabulary finds one; that one's score counts.
        Tokens = new DoubleArray(Enumerable.Range(0, vocabulary.Limit)
            .Where(id => options.Scores[id] is not null)
            .Select(id => vocabulary.BytesOf(id).ToArray())
            .Select(token => (token, vocabulary.Find(token))));
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int? UnknownId => Options.UnknownId;

    /// <summary>The options.</summary>
    public UnigramOptions Options { get; }

    /// <summary>The score of each token.</summary>
    public double[] Scores { get; }

    /// <summary>The tokens, for finding those that begin at a place.</summary>
    public DoubleArray Tokens { get; }

    /// <summary>The token <c>&lt;0xNN&gt;</c> of a byte, −1 where there is none.</summary>
    public int ByteToken(byte value) => _byteTokens[value];

    /// <inheritdoc/>
    public IPieceEncoder OpenEncoder() => new UnigramEncoder(this);
}
