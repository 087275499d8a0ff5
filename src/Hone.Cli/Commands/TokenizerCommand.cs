using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Cli.Tokenizers;

namespace Hone.Cli.Commands;

/// <summary><c>hone tokenizer train --kind KIND --vocab-size N --input FILE... --output DIR</c></summary>
internal static class TokenizerCommand
{
    private static readonly string[] Kinds = ["bpe", "unigram", "wordpiece", "wordlevel"];

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var kind = ChoiceOption.Of("--kind", "What kind of vocabulary to learn", standard: "bpe", Kinds);
        var size = NumberOption.Of("--vocab-size", "N", "The most tokens, special ones among them", 8000, least: 1);
        var input = new Option<string[]>("--input")
        {
            HelpName = "FILE",
            Description = "Texts (.txt) or rows with a field \"text\" (.jsonl, .parquet, …), or data of the hub; may "
                + "be given several times",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--output")
        {
            HelpName = "DIR",
            Description = "The folder for tokenizer.json and tokenizer_config.json",
            Required = true,
        };
        var column = new Option<string>("--column")
        {
            HelpName = "NAME",
            Description = "The field of a row that holds its text",
            DefaultValueFactory = _ => "text",
        };
        var special = new Option<string[]>("--special")
        {
            HelpName = "TOKEN",
            Description = "A special token beside the kind's own, such as \"<|im_end|>\"; may be given several times",
            AllowMultipleArgumentsPerToken = false,
        };
        var pattern = ChoiceOption.Optional(
            "--pattern", "bpe: how words are cut before bytes are merged [default: gpt4]", "gpt2", "gpt4", "qwen2");
        var normalize = ChoiceOption.Optional(
            "--normalize",
            "Unicode normalization first; not for wordpiece, which has BERT's [default: none]",
            "none", "nfc", "nfkc");
        var lowercase = new Option<bool>("--lowercase") { Description = "Make texts lower-case first" };
        var frequency = NumberOption.Optional(
            "--min-frequency", "N", "How often a pair (or word) must occur; not for unigram [default: 2]", least: 1);
        var length = NumberOption.Optional(
            "--max-token-length",
            "N",
            "The most characters of a piece [default: 16 for unigram, else no limit]",
            least: 1);
        var alphabet = NumberOption.Optional(
            "--limit-alphabet", "N", "The most characters of the alphabet; for wordpiece", least: 1);
        var bytes = new Option<bool>("--byte-fallback")
        {
            Description = "unigram: write unknown characters as bytes, 256 tokens of the vocabulary",
        };
        var json = CommonOptions.Json("one object: folder, kind, vocabulary, texts, bytes_per_token");
        var train = new Command(
            "train",
            "Learn a tokenizer from texts, as the trainers of the tokenizers library do, on all processors. The "
                + "result can be read by that library too.")
        {
            kind, size, input, output, column, special, pattern, normalize, lowercase, frequency, length, alphabet,
            bytes, json,
        };
        train.SetAction(parsed => (int)new TokenizerTrainingRun(session, new TokenizerTrainingChoice
        {
            Kind = parsed.GetValue(kind)!,
            VocabularySize = parsed.GetValue(size),
            Input = parsed.GetRequiredValue(input),
            Output = parsed.GetRequiredValue(output),
            Column = parsed.GetValue(column)!,
            Special = parsed.GetValue(special) ?? [],
            Pattern = parsed.GetValue(pattern),
            Normalization = parsed.GetValue(normalize),
            Lowercase = parsed.GetValue(lowercase),
            MinFrequency = parsed.GetValue(frequency),
            MaxLength = parsed.GetValue(length),
            LimitAlphabet = parsed.GetValue(alphabet),
            ByteFallback = parsed.GetValue(bytes),
        }).Run(parsed.GetValue(json)));
        train.Teach(
            session.Terminal,
            "hone tokenizer train --vocab-size 4096 --input stories.txt --output tokenizers/stories",
            "hone tokenizer train --kind unigram --vocab-size 8000 --byte-fallback --input corpus.jsonl.gz --output "
                + "tokenizers/u8k",
            "hone tokenizer train --kind bpe --pattern qwen2 --special \"<|im_start|>\" --special \"<|im_end|>\" "
                + "--input a.txt b.txt --output tokenizers/chat");
        var command = new Command("tokenizer", "Learn a tokenizer of your own.") { train };
        command.Teach(
            session.Terminal, "hone tokenizer train --vocab-size 4096 --input stories.txt --output tokenizers/stories");
        return command;
    }
}
