using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hone.Cli.Commands;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Text;
using Hone.Text.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Tokenizers;

/// <summary>Learns a tokenizer, writes it, and says how well it does.</summary>
internal sealed class TokenizerTrainingRun(Session session, TokenizerTrainingChoice choice)
{
    private const int MeasuredTexts = 1000;

    private long _texts;

    /// <summary>Reads the texts, learns, writes.</summary>
    /// <exception cref="OptionsException">What is asked for does not fit together.</exception>
    /// <exception cref="DataException">A file cannot be read, or a row has no text.</exception>
    /// <exception cref="TokenizerException">The texts have more characters than there is room for.</exception>
    public ExitCode Run(bool asJson)
    {
        if (choice.Problems().ToList() is [_, ..] problems)
        {
            throw new OptionsException(
                string.Join('\n', problems.Select(problem => $"hone tokenizer train: {problem}")));
        }

        var trained = Train(session.Interruption.Watch());
        trained.Save(choice.Output, Config());
        var perToken = BytesPerToken(Tokenizer.Load(choice.Output));
        if (asJson)
        {
            JsonLine.Write(session.Terminal.Output, json =>
            {
                json.WriteString("folder", choice.Output);
                json.WriteString("kind", choice.Kind);
                json.WriteNumber("vocabulary", trained.Tokens.Count);
                json.WriteNumber("texts", _texts);
                json.WriteNumber("bytes_per_token", Math.Round(perToken, 4));
            });
        }
        else
        {
            session.Terminal.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{choice.Output}: {Quantity.Count(trained.Tokens.Count)} tokens from {Quantity.Count(_texts)} texts; "
                    + $"{perToken:0.00} bytes a token"));
        }

        return ExitCode.Done;
    }

    private TrainedTokenizer Train(CancellationToken cancel)
    {
        var texts = Texts().Select(text =>
        {
            Interlocked.Increment(ref _texts);
            return text;
        });
        string[] special = [.. choice.OwnTokens.Concat(choice.Special).Distinct()];
        return choice.Kind switch
        {
            "bpe" => new TokenizerTrainer(TokenizerPresets.ByteLevel(Cuts, Normalizer())).Train(
                texts,
                new BpeTrainingOptions
                {
                    VocabularySize = choice.VocabularySize,
                    MinFrequency = MinFrequency,
                    SpecialTokens = special,
                    InitialAlphabet = TokenizerPresets.ByteLetters,
                    MaxTokenLength = choice.MaxLength,
                },
                cancel),
            "unigram" => new TokenizerTrainer(TokenizerPresets.Metaspace(Normalizer())).Train(
                texts,
                new UnigramTrainingOptions
                {
                    VocabularySize = choice.VocabularySize,
                    SpecialTokens = special,
                    UnknownToken = "<unk>",
                    MaxPieceLength = choice.MaxLength ?? new UnigramTrainingOptions().MaxPieceLength,
                    ByteFallback = choice.ByteFallback,
                },
                cancel),
            "wordpiece" => new TokenizerTrainer(TokenizerPresets.Bert(choice.Lowercase)).Train(
                texts,
                new WordPieceTrainingOptions
                {
                    VocabularySize = choice.VocabularySize,
                    MinFrequency = MinFrequency,
                    SpecialTokens = special,
                    LimitAlphabet = choice.LimitAlphabet,
                },
                cancel),
            _ => new TokenizerTrainer(TokenizerPresets.Words(Normalizer())).Train(
                texts,
                new WordLevelTrainingOptions
                {
                    VocabularySize = choice.VocabularySize,
                    MinFrequency = MinFrequency,
                    SpecialTokens = special,
                },
                cancel),
        };
    }

    private int MinFrequency => choice.MinFrequency ?? 2;

    private WordCuts Cuts => choice.Pattern switch
    {
        "gpt2" => WordCuts.Gpt2,
        "qwen2" => WordCuts.Qwen2,
        _ => WordCuts.Gpt4,
    };

    // Bytes hold line ends like anything else; the other kinds learn from lines.
    private IEnumerable<string> Texts() => choice.Input
        .SelectMany(path => session.Hub.Data(new DataSourceOptions
        {
            Path = path,
            Unit = choice.Kind == "bpe" ? TextUnit.Document : TextUnit.Line,
        }).ReadRecords())
        .Select(record => RowFields.Text(record, choice.Column));

    private JsonObject? Normalizer()
    {
        JsonNode[] steps =
        [
            .. choice.Normalization is null or "none"
                ? (JsonNode[])[]
                : [new JsonObject { ["type"] = choice.Normalization.ToUpperInvariant() }],
            .. choice.Lowercase ? (JsonNode[])[new JsonObject { ["type"] = "Lowercase" }] : [],
        ];
        return steps is [] ? null : new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(steps) };
    }

    private JsonObject Config()
    {
        var config = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast" };
        (string Role, string Token)[] roles = choice.Kind switch
        {
            "bpe" => [("bos_token", "<|endoftext|>"), ("eos_token", "<|endoftext|>")],
            "unigram" => [("unk_token", "<unk>"), ("bos_token", "<s>"), ("eos_token", "</s>")],
            "wordpiece" =>
            [
                ("unk_token", "[UNK]"), ("cls_token", "[CLS]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"),
                ("mask_token", "[MASK]"),
            ],
            _ => [("unk_token", "[UNK]"), ("eos_token", "[EOS]")],
        };
        foreach (var (role, token) in roles)
        {
            config[role] = token;
        }

        config["clean_up_tokenization_spaces"] = false;
        return config;
    }

    private double BytesPerToken(Tokenizer tokenizer)
    {
        var (bytes, tokens) = (0L, 0L);
        foreach (var text in Texts().Take(MeasuredTexts))
        {
            bytes += Encoding.UTF8.GetByteCount(text);
            tokens += tokenizer.EncodeIds(text, addSpecialTokens: false).Length;
        }

        return tokens == 0 ? 0 : (double)bytes / tokens;
    }
}
