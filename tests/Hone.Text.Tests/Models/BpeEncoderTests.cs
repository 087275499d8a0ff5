using System.Text;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

public sealed class BpeEncoderTests
{
    // ▁ a b x, and ▁a ab ▁ab ▁▁: no token has the mark after another character.
    private static readonly string[] Cuttable = ["?", "▁", "a", "b", "▁a", "ab", "▁ab", "▁▁"];

    [Fact]
    public void A_piece_cut_before_its_marks_has_the_tokens_of_the_whole()
    {
        var model = Model(Cuttable, [("▁", "a"), ("a", "b"), ("▁", "ab"), ("▁", "▁")]);
        var piece = Encoding.UTF8.GetBytes("▁ab▁▁▁a▁bx▁▁xx▁ab");
        var word = new BpeWord(model.Merges);
        foreach (var rune in "▁ab▁▁▁a▁bx▁▁xx▁ab".EnumerateRunes())
        {
            word.Add(Math.Max(0, model.Vocabulary.Find(rune.ToString())), rune.Utf8SequenceLength);
        }

        word.Merge();
        var whole = new TokenBuffer();
        word.CopyTo(whole, 0);
        var parts = new PieceList();
        model.Cuts!.Cut([.. piece, .. new byte[AlignedText.Padding]], new Piece(0, piece.Length), parts);
        var encoder = new CachedEncoder(model.OpenEncoder());
        var cut = new TokenBuffer();
        encoder.Encode([.. piece, .. new byte[AlignedText.Padding]], parts.All, cut);

        Assert.Equal("▁ab ▁▁▁a ▁bx ▁▁xx ▁ab", string.Join(
            ' ', parts.All.ToArray().Select(part => Encoding.UTF8.GetString(piece[part.Start..part.End]))));
        Assert.Equal(whole.Ids.ToArray(), cut.Ids.ToArray());
    }

    [Fact]
    public void Where_a_token_has_a_mark_inside_nothing_is_cut()
    {
        var model = Model([.. Cuttable, "a▁"], [("a", "▁")]);

        Assert.Null(model.Cuts);
    }

    [Fact]
    public void What_the_cache_remembers_is_what_was_encoded()
    {
        var tokenizer = Tokenizer.Load(Fixtures.Local("bpe-gpt2"));
        string[] texts = [.. Enumerable.Range(0, 150_000).Select(number => $" w{number * 7919L % 150_000:x} ")];

        int[][] cold = [.. texts.Select(text => tokenizer.EncodeIds(text))];

        // More words than the cache has places, so that it has both kept and replaced some.
        Assert.Equal(cold, texts.Select(text => tokenizer.EncodeIds(text)));
    }

    private static BpeModel Model(string[] tokens, (string Left, string Right)[] merges)
    {
        var vocabulary = new Vocabulary([.. tokens.Select((token, id) => (Encoding.UTF8.GetBytes(token), id))]);
        return new BpeModel(
            vocabulary,
            vocabulary,
            [.. merges.Select((merge, rank) => new Merge(
                vocabulary.Find(merge.Left), vocabulary.Find(merge.Right), vocabulary.Find(merge.Left + merge.Right),
                    rank))],
            new BpeOptions { UnknownId = 0 });
    }
}
