namespace Hone.Text.Tests.Batches;

public sealed class BatchEncoderTests
{
    // a … h are 4 … 11; [CLS] text [SEP], and [CLS] text [SEP] pair [SEP].
    private static readonly Tokenizer Words = Load("null", "null");

    [Fact]
    public void A_long_text_is_cut_into_parts_that_share_a_stride()
    {
        // Room for 3 words beside [CLS] and [SEP]; each part begins 2 behind the one before.
        var got = Encode(new Truncation(5) { Stride = 1 }, "a b c d e f");

        Assert.Equal(["[CLS] a b c [SEP]", "[CLS] c d e [SEP]", "[CLS] e f [SEP]"], Parts(got));
        Assert.Equal([0, 0, 4, 5, 6, 7, 8, 9, 0, 0], got.Overflowing[0].Offsets);
    }

    [Fact]
    public void Cut_at_the_left_the_end_stays() =>
        Assert.Equal(
            ["[CLS] d e f [SEP]", "[CLS] a b c [SEP]"],
            Parts(Encode(new Truncation(5) { Side = TextSide.Left }, "a b c d e f")));

    [Fact]
    public void Of_a_pair_the_longer_text_is_cut_first_and_then_both()
    {
        Assert.Equal("[CLS] a b [SEP] c d [SEP]", Parts(Encode(new Truncation(7), "a b", "c d e f"))[0]);
        Assert.Equal("[CLS] a b [SEP] e f [SEP]", Parts(Encode(new Truncation(7), "a b c d", "e f g h"))[0]);
        Assert.Equal("[CLS] a [SEP] e f g h [SEP]", Parts(Encode(
            new Truncation(8) { Strategy = TruncationStrategy.OnlyFirst }, "a b c d", "e f g h"))[0]);
    }

    [Fact]
    public void Every_part_of_one_text_goes_with_every_part_of_the_other() => Assert.Equal(
        [
            "[CLS] a b [SEP] e f [SEP]", "[CLS] c d [SEP] e f [SEP]", "[CLS] c d [SEP] g h [SEP]",
            "[CLS] a b [SEP] g h [SEP]",
        ],
        Parts(Encode(new Truncation(7), "a b c d", "e f g h")));

    [Fact]
    public void Where_there_is_no_room_for_what_is_added_nothing_is_cut() =>
        Assert.Equal(["[CLS] a b c [SEP]"], Parts(Encode(new Truncation(1), "a b c")));

    [Theory]
    [InlineData(TruncationStrategy.OnlySecond, 4, 0, "a b c d", null, "truncation: must have a second text to cut, "
        + "but there is none")]
    [InlineData(
        TruncationStrategy.OnlyFirst,
        6,
        0,
        "a b",
        "c d e f",
        "truncation: must leave a token of the text that is cut, but 3 of 6 tokens are too many; make the length "
        + "larger, or cut both texts")]
    [InlineData(
        TruncationStrategy.LongestFirst,
        5,
        3,
        "a b c d",
        null,
        "truncation: must have a stride below the 3 tokens that a part has room for, but it is 3")]
    public void What_cannot_be_cut_so_is_refused(
        TruncationStrategy strategy, int length, int stride, string text, string? pair, string message)
    {
        var truncation = new Truncation(length) { Strategy = strategy, Stride = stride };

        Assert.Equal(message, Assert.Throws<TokenizerException>(() => Encode(truncation, text, pair)).Message);
    }

    [Fact]
    public void A_batch_is_filled_up_to_its_longest_text_or_a_length_in_steps()
    {
        IReadOnlyList<TextInput> texts = [new("a"), new("a b c")];
        var padding = new Padding(3, "[PAD]") { TypeId = 7, MultipleOf = 4, Side = TextSide.Left };

        var got = new BatchEncoder(Words) { Padding = padding }.Encode(texts);
        var whole = new BatchEncoder(Words) { Padding = padding with { Length = 2, MultipleOf = null } }.Encode(texts);

        Assert.Equal("[PAD] [PAD] [PAD] [PAD] [PAD] [CLS] a [SEP]", string.Join(' ', got[0].Tokens));
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 1], got[1].AttentionMask);
        Assert.Equal([7, 7, 7, 7, 7, 0, 0, 0], got[0].TypeIds);
        Assert.Equal([1, 1, 1, 1, 1, 1, 0, 1], got[0].SpecialTokensMask);
        Assert.Equal("[CLS] a [SEP]", string.Join(' ', whole[0].Tokens));
    }

    [Fact]
    public void The_file_s_own_limits_are_the_usual_ones()
    {
        var tokenizer = Load(
            """{"max_length":4,"stride":0,"strategy":"LongestFirst","direction":"Left"}""",
            """{"strategy":{"Fixed":6},"direction":"Right","pad_id":3,"pad_type_id":0,"pad_token":"[PAD]"}""");

        var got = new BatchEncoder(tokenizer).Encode([new TextInput("a b c")]);

        Assert.Equal(new Truncation(4) { Side = TextSide.Left }, tokenizer.Truncation);
        Assert.Equal(new Padding(3, "[PAD]") { Length = 6 }, tokenizer.Padding);
        Assert.Equal("[CLS] b c [SEP] [PAD] [PAD]", string.Join(' ', got[0].Tokens));
        Assert.Equal([1, 4, 5, 6, 2], tokenizer.EncodeIds("a b c"));
    }

    [Fact]
    public void Many_texts_give_the_ids_of_each_alone_in_their_order()
    {
        var texts = Enumerable.Range(0, 1000)
            .Select(i => string.Join(' ', Enumerable.Repeat("abcdefgh"[i % 8], i % 113)))
            .ToList();

        var batch = Words.EncodeBatch(texts);
        var plain = Words.EncodeBatch(texts, addSpecialTokens: false);

        Assert.Equal(1000, batch.Count);
        for (var index = 0; index < texts.Count; index++)
        {
            Assert.Equal(Words.EncodeIds(texts[index]), batch[index].ToArray());
            Assert.Equal(Words.EncodeIds(texts[index], addSpecialTokens: false), plain[index].ToArray());
        }
    }

    [Fact]
    public void Of_several_texts_that_cannot_be_encoded_the_first_is_told()
    {
        var bare = Toy.Load(
            """{"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"?"},"pre_tokenizer":{"type":"Whitespace"}}""");
        var texts = Enumerable.Range(0, 4000)
            .Select(i => i == 700 ? "x" : i > 700 && i % 300 == 0 ? "y" : string.Concat(Enumerable.Repeat("a ", 99)))
            .ToList();

        var alone = Assert.Throws<TokenizerException>(() => bare.EncodeIds("x"));
        var batch = Assert.Throws<TokenizerException>(() => bare.EncodeBatch(texts));

        Assert.Equal(alone.Message, batch.Message);
    }

    private static TokenizedText Encode(Truncation truncation, string text, string? pair = null) =>
        new BatchEncoder(Words) { Truncation = truncation }.Encode([new TextInput(text, pair)])[0];

    private static List<string> Parts(TokenizedText text) =>
        [string.Join(' ', text.Tokens), .. text.Overflowing.Select(part => string.Join(' ', part.Tokens))];

    private static Tokenizer Load(string truncation, string padding) => Toy.Load(
        """
        {"truncation":TRUNCATION,"padding":PADDING,"pre_tokenizer":{"type":"Whitespace"},
         "post_processor":{"type":"TemplateProcessing",
          "single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
           {"SpecialToken":{"id":"[SEP]","type_id":0}}],
          "pair":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
           {"SpecialToken":{"id":"[SEP]","type_id":0}},{"Sequence":{"id":"B","type_id":1}},
           {"SpecialToken":{"id":"[SEP]","type_id":1}}],
          "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[1],"tokens":["[CLS]"]},
           "[SEP]":{"id":"[SEP]","ids":[2],"tokens":["[SEP]"]}}},
         "model":{"type":"WordLevel","unk_token":"[UNK]","vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"[PAD]":3,
          "a":4,"b":5,"c":6,"d":7,"e":8,"f":9,"g":10,"h":11}}}
        """
            .Replace("TRUNCATION", truncation, StringComparison.Ordinal)
            .Replace("PADDING", padding, StringComparison.Ordinal));
}
