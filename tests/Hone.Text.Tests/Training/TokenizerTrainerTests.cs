using System.Text.Json.Nodes;
using Hone.Text.Training;

namespace Hone.Text.Tests.Training;

public sealed class TokenizerTrainerTests
{
    private static readonly string[] Texts =
        [.. Enumerable.Range(0, 400).Select(i => $"Step {i}: the cat sat on the mat,\n  and said “hé {i % 7}”.\n")];

    [Theory]
    [InlineData(WordCuts.Gpt2)]
    [InlineData(WordCuts.Gpt4)]
    [InlineData(WordCuts.Qwen2)]
    public void Bytes_bring_every_text_back(WordCuts cuts)
    {
        var trained = new TokenizerTrainer(TokenizerPresets.ByteLevel(cuts, null)).Train(
            Texts,
            new BpeTrainingOptions
            {
                VocabularySize = 280,
                SpecialTokens = ["<|endoftext|>"],
                InitialAlphabet = TokenizerPresets.ByteLetters,
            },
            TestContext.Current.CancellationToken);

        var tokenizer = Load(trained);
        Assert.Equal(280, tokenizer.VocabularySize);
        Assert.Equal(0, tokenizer.EosId);
        foreach (var text in Texts.Append("日本語\r\n\t🙂 <|endoftext|>"))
        {
            Assert.Equal(text, tokenizer.Decode(tokenizer.EncodeIds(text), skipSpecialTokens: false));
        }
    }

    [Fact]
    public void Unigram_with_bytes_brings_every_text_back()
    {
        var trained = new TokenizerTrainer(TokenizerPresets.Metaspace(null)).Train(
            Texts,
            new UnigramTrainingOptions
            {
                VocabularySize = 400,
                SpecialTokens = ["<unk>"],
                UnknownToken = "<unk>",
                ByteFallback = true,
            },
            TestContext.Current.CancellationToken);

        var tokenizer = Load(trained);
        Assert.Equal("<0x0A>", trained.Tokens[1 + 10]);
        foreach (var text in Texts.Append("日本語 🙂 and more"))
        {
            Assert.Equal(text, tokenizer.Decode(tokenizer.EncodeIds(text), skipSpecialTokens: false));
        }
    }

    [Fact]
    public void Word_pieces_and_words_are_learnt_too()
    {
        var pieces = new TokenizerTrainer(TokenizerPresets.Bert(lowercase: true)).Train(
            Texts,
            new WordPieceTrainingOptions { VocabularySize = 90, SpecialTokens = ["[UNK]"] },
            TestContext.Current.CancellationToken);
        var words = new TokenizerTrainer(TokenizerPresets.Words(null)).Train(
            Texts,
            new WordLevelTrainingOptions { VocabularySize = 8, SpecialTokens = ["[UNK]"] },
            TestContext.Current.CancellationToken);

        Assert.Equal(
            "the cat sat", Load(pieces).Decode(Load(pieces).EncodeIds("The Cat sat"), skipSpecialTokens: false));

        // Each occurs 400 times, but "the" twice as often; of equals the smaller code point comes first.
        Assert.Equal(["[UNK]", "the", ",", ":", "Step", "and", "cat", "hé"], words.Tokens);
    }

    [Fact]
    public void The_order_of_the_texts_does_not_matter()
    {
        string Train(IEnumerable<string> texts) =>
            new TokenizerTrainer(TokenizerPresets.Metaspace(null)).Train(
            texts,
            new UnigramTrainingOptions { VocabularySize = 120, SpecialTokens = ["<unk>"], UnknownToken = "<unk>" },
            TestContext.Current.CancellationToken).Content.ToJsonString();

        Assert.Equal(Train(Texts), Train(Texts.Reverse()));
    }

    [Fact]
    public void What_goes_wrong_among_the_texts_is_told_as_it_is()
    {
        static IEnumerable<string> Broken()
        {
            yield return "a";
            throw new InvalidDataException("row 2");
        }

        var fault = Assert.Throws<InvalidDataException>(() => new TokenizerTrainer(new TokenizerParts()).Train(
            Broken(), new BpeTrainingOptions(), TestContext.Current.CancellationToken));
        Assert.Equal("row 2", fault.Message);
    }

    private static Tokenizer Load(TrainedTokenizer trained)
    {
        using var folder = new TemporaryFolder();
        trained.Save(folder.Path, new JsonObject { ["eos_token"] = "<|endoftext|>" });
        return Tokenizer.Load(folder.Path);
    }
}
