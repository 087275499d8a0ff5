namespace Hone.Text.Tests;

public sealed class ContinuationDecoderTests
{
    [Fact]
    public void Prompt_and_continuation_joined_are_the_text_of_all_tokens()
    {
        // SentencePiece spells the first word of a text without the space before it, so that "are" alone has lost it.
        var tokenizer = Tokenizer.Load(Fixtures.Local("bpe-llama2"));
        var all = tokenizer.Encode("How are");
        var second = Array.FindLastIndex(all.Tokens, token => token.StartsWith('▁'));
        var (prompt, rest) = (all.Ids[..second], all.Ids[second..]);

        Assert.Equal(" are", ContinuationDecoder.Decode(tokenizer, prompt, rest, skipSpecialTokens: true));
        Assert.Equal("are", tokenizer.Decode(rest, skipSpecialTokens: true));
    }

    [Fact]
    public void After_no_prompt_it_is_the_text_itself()
    {
        var tokenizer = Tokenizer.Load(Fixtures.Local("bpe-llama2"));
        var ids = tokenizer.EncodeIds("hello world");

        Assert.Equal("hello world", ContinuationDecoder.Decode(tokenizer, [], ids, skipSpecialTokens: true));
    }

    [Fact]
    public void What_the_prompt_held_back_is_not_told_again()
    {
        // 😀 is F0 9F 98 80, then comes an a: both are of the prompt, however late the decoding gives them out.
        var decoder = new ContinuationDecoder(Toy.Bare(), [0xF0, 0x9F, 0x98, 0x80, 0x61], skipSpecialTokens: true);

        Assert.Equal(("b", ""), (decoder.Append(0x62), decoder.Flush()));
    }
}
