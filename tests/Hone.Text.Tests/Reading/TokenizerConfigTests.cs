namespace Hone.Text.Tests.Reading;

public sealed class TokenizerConfigTests
{
    private const string Words =
        """
        {"added_tokens":[{"id":0,"content":"<s>","special":true,"normalized":false}],
         "pre_tokenizer":{"type":"Whitespace"},
         "model":{"type":"WordLevel","vocab":{"<s>":0,"the":1,"cat":2,"?":3},"unk_token":"?"}}
        """;

    [Fact]
    public void A_token_that_is_named_and_unknown_gets_the_next_id()
    {
        var tokenizer = Load("""{"bos_token":"<s>","pad_token":"[PAD]","additional_special_tokens":["<x>"]}""");

        Assert.Equal((0, 4, 5), (tokenizer.BosId, tokenizer.PadId, tokenizer.IdOf("<x>")));
        Assert.Equal(6, tokenizer.VocabularySize);
        Assert.Equal([2, 5, 4], tokenizer.EncodeIds("cat<x>[PAD]"));
        Assert.Equal("cat", tokenizer.Decode([2, 5, 4], skipSpecialTokens: true));
        Assert.Equal(["<s>", "[PAD]", "<x>"], tokenizer.SpecialTokens);
    }

    [Fact]
    public void A_word_of_the_vocabulary_that_is_named_becomes_special_with_its_own_id()
    {
        var tokenizer = Load("""{"pad_token":"the"}""");

        Assert.Equal((1, 4, true), (tokenizer.PadId, tokenizer.VocabularySize, tokenizer.IsSpecial(1)));
    }

    [Fact]
    public void Tokens_of_added_tokens_decoder_are_added_whatever_id_they_claim()
    {
        var tokenizer = Load(
            """
            {"added_tokens_decoder":{"9000":{"content":"<b>","special":false},"17":{"content":"<a>","special":true}}}
            """);

        Assert.Equal((4, 5), (tokenizer.IdOf("<a>"), tokenizer.IdOf("<b>")));
        Assert.Equal((true, false), (tokenizer.IsSpecial(4), tokenizer.IsSpecial(5)));
    }

    [Fact]
    public void Settings_are_read_and_a_limit_beyond_all_texts_is_none()
    {
        var told = Load(
            """
            {"padding_side":"left","truncation_side":"left","model_max_length":512,
             "clean_up_tokenization_spaces":true}
            """);
        var usual = Load("""{"model_max_length":1000000000000000019884624838656}""");

        Assert.Equal(
            new TokenizerSettings
            {
                ModelMaxLength = 512,
                PaddingSide = TextSide.Left,
                TruncationSide = TextSide.Left,
                CleansUpSpaces = true,
            },
            told.Settings);
        Assert.Equal(new TokenizerSettings(), usual.Settings);
        Assert.Equal(TextSide.Left, Load("""{"tokenizer_class":"LlamaTokenizerFast"}""").Settings.PaddingSide);
    }

    [Fact]
    public void Special_tokens_in_texts_can_be_ordinary_text() =>
        Assert.Equal([3, 3, 3], Load("""{"bos_token":"<s>","split_special_tokens":true}""").EncodeIds("<s>"));

    [Fact]
    public void A_side_that_is_none_is_refused_with_its_place()
    {
        var fault = Assert.Throws<TokenizerException>(() => Load("""{"padding_side":"top"}"""));

        Assert.EndsWith(
            "tokenizer_config.json: padding_side: must be left or right, got top",
            fault.Message,
            StringComparison.Ordinal);
    }

    private static Tokenizer Load(string config)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", Words);
        folder.Write("tokenizer_config.json", config);
        return Tokenizer.Load(folder.Path);
    }
}
