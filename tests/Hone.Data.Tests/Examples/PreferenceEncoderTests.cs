using Hone.Text;

namespace Hone.Data.Tests.Examples;

public sealed class PreferenceEncoderTests
{
    private static readonly EncodingOptions Options = new() { MaxLength = 100 };

    [Fact]
    public void Both_answers_end_once_and_begin_where_either_first_differs_from_the_prompt()
    {
        // "a1" + "2b" has the one token "12", so both answers begin behind "a".
        var example = Encoder().Encode(Pair("a1", "2b", "c<end>"));

        Assert.Equal(['a', ByteTokenizer.Twelve, 'b', ByteTokenizer.End], example.Chosen.Tokens);
        Assert.Equal([false, true, true, true], example.Chosen.Trained);
        Assert.Equal(['a', '1', 'c', ByteTokenizer.End], example.Rejected.Tokens);
        Assert.Equal([false, true, true, true], example.Rejected.Trained);
    }

    [Fact]
    public void Of_conversations_all_behind_the_prompt_is_trained()
    {
        Message[] question = [new("user", "a")];

        var example = Encoder().Encode(new PreferenceRow(
            At(1), new Dialogue(question), new Dialogue([new("assistant", "b")]),
            new Dialogue([new("assistant", "c")])));

        var prompt = "xuser\na.\nxassistant\n".Length;
        Assert.Equal(prompt, Array.IndexOf(example.Chosen.Trained, true));
        Assert.Equal(['b', ByteTokenizer.TurnEnd, '\n'], example.Chosen.Tokens[prompt..]);
        Assert.Equal(['c', ByteTokenizer.TurnEnd, '\n'], example.Rejected.Tokens[prompt..]);
    }

    [Fact]
    public void A_pair_is_left_out_when_one_of_its_answers_has_nothing_left()
    {
        var encoder = Encoder(Options with { MaxLength = 3 });

        var encoded = encoder.EncodeAll([Pair("abc", "d", "e"), Pair("ab", "cd", "e")]);

        var example = Assert.Single(encoded.Examples);
        Assert.Equal(['a', 'b', 'c'], example.Chosen.Tokens);
        Assert.Equal(['a', 'b', 'e'], example.Rejected.Tokens);
    }

    [Fact]
    public void Rows_of_another_kind_and_sets_without_a_pair_are_refused()
    {
        Assert.Equal(
            "a.jsonl:2: the row must hold a preference: columns chosen and rejected, and prompt where these do not "
                + "begin with it",
            Assert.Throws<DataException>(
                () => Encoder().EncodeAll([Pair("a", "b", "c"), new TextRow(At(2), "a")])).Message);
        Assert.StartsWith(
            "data: at least one pair must have a token to train in both answers, none has (",
            Assert.Throws<DataException>(
                () => Encoder(Options with { MaxLength = 2 }).EncodeAll([Pair("abc", "d", "e")])).Message);
    }

    private static PreferenceEncoder Encoder(EncodingOptions? options = null) =>
        new(ByteTokenizer.Load(), ChatTemplate.ChatMl, options ?? Options);

    private static SourceLine At(long line) => new("a.jsonl", line);

    private static PreferenceRow Pair(string prompt, string chosen, string rejected) =>
        new(At(1), new PlainText(prompt), new PlainText(chosen), new PlainText(rejected));
}
