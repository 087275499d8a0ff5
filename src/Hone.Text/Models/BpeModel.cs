using System.Globalization;
using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Byte-pair encoding: the neighbouring tokens whose merge has the lowest rank become one, until none has
/// any.</summary>
/// <remarks>Sennrich et al., arXiv:1508.07909; over bytes: Radford et al. 2019. Equal ranks merge from left to
/// right.</remarks>
internal sealed class BpeModel : ITokenModel
{
    private readonly int[] _byteTokens;     // the token <0xNN> of each byte, −1 where there is none

    /// <summary>Puts the parts together; <paramref name="spelling"/> holds the tokens as the encoder meets
    /// them.</summary>
    public BpeModel(Vocabulary vocabulary, Vocabulary spelling, IReadOnlyList<Merge> merges, BpeOptions options)
    {
        Vocabulary = vocabulary;
        Spelling = spelling;
        Merges = new MergeTable(merges, Math.Max(vocabulary.Limit, spelling.Limit));
        Options = options;
        ContinuingPrefix = Encoding.UTF8.GetBytes(options.ContinuingPrefix);
        EndSuffix = Encoding.UTF8.GetBytes(options.EndSuffix);
        _byteTokens = [.. Enumerable.Range(0, 256)
            .Select(value => options.ByteFallback
                ? vocabulary.Find(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"))
                : -1)];
        FirstSymbols = [.. Enumerable.Range(0, 256).Select(value => spelling.Find([(byte)value]))];
        Cuts = BpeCuts.Find(this, merges);
        WholeTokens = WholeTokens.Of(this, merges);
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int? UnknownId => Options.UnknownId;

    /// <summary>The tokens as they are spelt in pieces: raw bytes where symbols are bytes.</summary>
    public Vocabulary Spelling { get; }

    /// <summary>The merges.</summary>
    public MergeTable Merges { get; }

    /// <summary>The options.</summary>
    public BpeOptions Options { get; }

    /// <summary>What stands before each symbol of a piece but the first.</summary>
    public byte[] ContinuingPrefix { get; }

    /// <summary>What stands after the last symbol of a piece.</summary>
    public byte[] EndSuffix { get; }

    /// <summary>The token of each single byte, −1 where there is none.</summary>
    public int[] FirstSymbols { get; }

    /// <inheritdoc/>
    public IPieceCutter? Cuts { get; }

    /// <summary>Finds pieces that become one token; null where only merging tells which do.</summary>
    public WholeTokens? WholeTokens { get; }

    /// <summary>The token <c>&lt;0xNN&gt;</c> of a byte, −1 where there is none.</summary>
    public int ByteToken(byte value) => _byteTokens[value];

    /// <inheritdoc/>
    public IPieceEncoder OpenEncoder() => new BpeEncoder(this);
}
