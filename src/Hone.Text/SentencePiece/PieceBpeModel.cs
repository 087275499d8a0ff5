using System.Text;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.SentencePiece;

/// <summary>SentencePiece's byte-pair encoding: two neighbours merge when their text is a piece, the best score
/// first.</summary>
/// <remarks>
/// As merges: each piece is the result of every pair of symbols that spells it. Symbols are pieces, or single
/// characters that are not (these get numbers beyond the ids). A user-defined piece in the text merges with nothing.
/// </remarks>
internal sealed class PieceBpeModel : ITokenModel
{
    private readonly Dictionary<string, int> _characters = new(StringComparer.Ordinal);

    /// <summary>Builds the model of <paramref name="file"/>.</summary>
    public PieceBpeModel(PieceFile file, PieceTables tables)
    {
        Tables = tables;
        var merges = FindMerges(file);

        // Beyond the ids are characters, a number for what no piece holds, and one for each user-defined piece.
        Merges = new MergeTable(merges, Vocabulary.Limit + _characters.Count + 1 + Vocabulary.Limit);
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary => Tables.Vocabulary;

    /// <inheritdoc/>
    public int? UnknownId => Tables.UnknownId;

    /// <summary>The pieces.</summary>
    public PieceTables Tables { get; }

    /// <summary>The merges of symbols.</summary>
    public MergeTable Merges { get; }

    /// <inheritdoc/>
    public IPieceEncoder OpenEncoder() => new Encoder(this);

    private List<Merge> FindMerges(PieceFile file)
    {
        List<Merge> merges = [];
        var rank = -1;
        var last = float.NaN;
        var ordered = Enumerable.Range(0, file.Pieces.Count)
            .Where(id => PieceTables.IsFoundInText(file.Pieces[id].Kind))
            .OrderByDescending(id => file.Pieces[id].Score);
        foreach (var id in ordered)
        {
            var (text, score, _) = file.Pieces[id];
            rank += score.Equals(last) ? 0 : 1;
            last = score;
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (!char.IsLowSurrogate(text[cut]) && SymbolOf(text[..cut]) is { } left
                    && SymbolOf(text[cut..]) is { } right)
                {
                    merges.Add(new Merge(left, right, id, rank));
                }
            }
        }

        return merges;
    }

    private int? SymbolOf(string text)
    {
        var id = Tables.Find(Encoding.UTF8.GetBytes(text));
        if (id >= 0)
        {
            return id;
        }

        if (text.Length > 2 || !Rune.TryGetRuneAt(text, 0, out var rune) || rune.Utf16SequenceLength != text.Length)
        {
            return null;
        }

        if (!_characters.TryGetValue(text, out var symbol))
        {
            symbol = Vocabulary.Limit + _characters.Count;
            _characters.Add(text, symbol);
        }

        return symbol;
    }

    private sealed class Encoder(PieceBpeModel model) : IPieceEncoder
    {
        private readonly BpeWord _word = new(model.Merges);

        // Numbers that no symbol with merges has: one for characters that no piece holds, one for each user-defined
        // piece.
        private readonly int _foreign = model.Vocabulary.Limit + model._characters.Count;
        private int FirstFrozen => _foreign + 1;

        public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output)
        {
            _word.Clear();
            for (var position = 0; position < piece.Length;)
            {
                var length = model.Tables.UserDefined.LongestAt(piece[position..], out var frozen);
                if (length > 0)
                {
                    _word.Add(FirstFrozen + frozen, length);
                }
                else
                {
                    length = Utf8Text.LengthAt(piece, position);
                    _word.Add(SymbolOf(piece.Slice(position, length)), length);
                }

                position += length;
            }

            _word.Merge();
            var run = new UnknownRun(piece, model.Tables.UnknownId, model.Tables.ByteTokens, output);
            var start = 0;
            for (var index = 0; index < _word.Count; index++)
            {
                var (symbol, length) = _word[index];
                if (length > 0)
                {
                    AddSymbol(symbol, start, start + length, ref run);
                    start += length;
                }
            }

            run.End(piece.Length);
        }

        private int SymbolOf(ReadOnlySpan<byte> character) => model.Tables.Find(character) is >= 0 and var id
            ? id
            : model._characters.GetValueOrDefault(System.Text.Encoding.UTF8.GetString(character), _foreign);

        private void AddSymbol(int symbol, int start, int end, ref UnknownRun run)
        {
            if (symbol < model.Vocabulary.Limit || symbol >= FirstFrozen)
            {
                run.Add(symbol < model.Vocabulary.Limit ? symbol : symbol - FirstFrozen, start, end);
            }
            else
            {
                run.AddUnknown(start, end);
            }
        }
    }
}
