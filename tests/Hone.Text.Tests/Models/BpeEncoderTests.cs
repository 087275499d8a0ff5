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
        var word = new BpeWord(model.Merges);
        foreach (var rune in "▁ab▁▁▁a▁bx▁▁xx▁ab".EnumerateRunes())
        {
            word.Add(Math.Max(0, model.Vocabulary.Find(rune.ToString())), rune.Utf8SequenceLength);
        }

        word.Merge();
        var whole = new TokenBuffer();
        word.CopyTo(whole, 0);
        var cut = new TokenBuffer();
        foreach (var part in PartsOf(model, "▁ab▁▁▁a▁bx▁▁xx▁ab"))
        {
            model.OpenEncoder().Encode(Encoding.UTF8.GetBytes(part), cut);
        }

        Assert.Equal("▁ab ▁▁▁a ▁ bx ▁▁xx ▁ab", Parts(model, "▁ab▁▁▁a▁bx▁▁xx▁ab"));
        Assert.Equal(whole.Ids.ToArray(), cut.Ids.ToArray());
    }

    [Fact]
    public void Where_a_token_has_a_mark_inside_no_mark_is_cut_off()
    {
        var model = Model([.. Cuttable, "a▁"], [("a", "▁")]);

        // Nothing merges a mark with the letter after it, so there the text may be cut.
        Assert.Equal("▁ a▁ a▁▁ b", Parts(model, "▁a▁a▁▁b"));
    }

    [Fact]
    public void Text_is_cut_between_bytes_that_no_merge_joins_and_letters_stay_together()
    {
        var model = Model(
            ["?", "▁", "a", "b", ",", "1", "(", "é", "(a", "é,"], [("(", "a"), ("é", ",")]);

        Assert.Equal("ab , 1 1 (aé, , b", Parts(model, "ab,11(aé,,b"));
    }

    [Fact]
    public void Before_a_character_that_is_no_token_nothing_is_cut()
    {
        var model = Model(["?", "▁", "a", ","], []);

        // The semicolon is unknown: a run of unknown characters may go on with it.
        Assert.Equal("a;é; ,", Parts(model, "a;é;,"));
    }

    [Fact]
    public void Where_merges_take_byte_tokens_nothing_is_cut()
    {
        string[] tokens = ["?", "▁", "a", "<0x0A>", "<0x0A>a"];
        var vocabulary = new Vocabulary([.. tokens.Select((token, id) => (Encoding.UTF8.GetBytes(token), id))]);

        Assert.Null(new BpeModel(
            vocabulary,
            vocabulary,
            [new Merge(3, 2, 4, 0)],
            new BpeOptions { UnknownId = 0, ByteFallback = true }).Cuts);
    }

    [Fact]
    public void Cut_or_whole_random_texts_have_the_same_tokens()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            List<string> tokens = ["?", "▁", "a", "b", ",", "1", "é", " "];
            List<(string Left, string Right)> merges = [];
            while (merges.Count < 12)
            {
                var (left, right) = (tokens[random.Next(1, tokens.Count)], tokens[random.Next(1, tokens.Count)]);
                if (!tokens.Contains(left + right))
                {
                    tokens.Add(left + right);
                    merges.Add((left, right));
                }
            }

            var model = Model([.. tokens], [.. merges]);
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 200)).Select(_ => "▁▁▁aaaabbb,,1éx; "[random.Next(17)]));
            var whole = new TokenBuffer();
            model.OpenEncoder().Encode(Encoding.UTF8.GetBytes(text), whole);
            var cut = new TokenBuffer();
            foreach (var part in PartsOf(model, text))
            {
                model.OpenEncoder().Encode(Encoding.UTF8.GetBytes(part), cut);
            }

            Assert.True(whole.Ids.SequenceEqual(cut.Ids), text);
        }
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

    private static string Parts(BpeModel model, string text) => string.Join(' ', PartsOf(model, text));

    private static List<string> PartsOf(BpeModel model, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var parts = new PieceList();
        model.Cuts!.Cut([.. bytes, .. new byte[AlignedText.Padding]], new Piece(0, bytes.Length), parts);
        return [.. parts.All.ToArray().Select(part => Encoding.UTF8.GetString(bytes[part.Start..part.End]))];
    }

    private static BpeModel Model(string[] tokens, (string Left, string Right)[] merges) =>
        BpeModels.Of(tokens, merges, new BpeOptions { UnknownId = 0 });
}
