using Hone.Text.Reading;
using Hone.Text.SentencePiece;

namespace Hone.Text.Gguf;

/// <summary>All tokens of a <c>tokenizer.json</c> by their ids, without gaps.</summary>
internal sealed class GgufTokenList
{
    private readonly PieceKind[] _kinds;

    public GgufTokenList(JsonPart file, int rows)
    {
        var named =
            file.Get("model").Get("vocab").Members().Select(entry => (Id: entry.Value.Int(), entry.Name)).ToList();
        var added = (file.Find("added_tokens")?.Items() ?? [])
            .Select(token =>
                (Id: token.Get("id").Int(), Text: token.Get("content").Text(), IsSpecial: token.Bool("special", false)))
            .ToList();
        var count = Math.Max(
            rows, 1 + named.Select(token => token.Id).Concat(added.Select(token => token.Id)).DefaultIfEmpty(-1).Max());

        // An id without a token has a row in the model all the same.
        Texts = [.. Enumerable.Range(0, count).Select(id => $"[PAD{id}]")];
        _kinds = [.. Enumerable.Repeat(PieceKind.Unused, count)];
        foreach (var (id, text) in named)
        {
            (Texts[id], _kinds[id]) = (text, PieceKind.Normal);
        }

        foreach (var (id, text, isSpecial) in added)
        {
            (Texts[id], _kinds[id]) = (text, isSpecial ? PieceKind.Control : PieceKind.UserDefined);
        }
    }

    /// <summary>The spelling of each token.</summary>
    public string[] Texts { get; }

    /// <summary>What each token is for, by the numbers of the format.</summary>
    /// <param name="isPieces">Whether tokens such as <c>&lt;0x0A&gt;</c> stand for bytes.</param>
    /// <param name="unknown">The token for what the vocabulary cannot express.</param>
    public int[] Kinds(bool isPieces, int? unknown) => [.. _kinds.Select((kind, id) => (int)(
        isPieces && id == unknown ? PieceKind.Unknown
        : isPieces && kind == PieceKind.Normal && IsByte(Texts[id]) ? PieceKind.Byte
        : kind))];

    private static bool IsByte(string text) =>
        text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);
}
