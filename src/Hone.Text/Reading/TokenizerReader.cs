using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Text.Decoders;
using Hone.Text.Gguf;
using Hone.Text.Pipeline;
using Hone.Text.SentencePiece;

namespace Hone.Text.Reading;

/// <summary>Finds and reads the files of a tokenizer.</summary>
internal static class TokenizerReader
{
    private const string JsonFile = "tokenizer.json";
    private const string PieceFile = "tokenizer.model";

    /// <summary>Reads the tokenizer of a folder, or a tokenizer file.</summary>
    public static Tokenizer Read(string path)
    {
        var file = Directory.Exists(path) ? FileIn(path) : path;
        if (!File.Exists(file))
        {
            throw new TokenizerException(path, "must be a tokenizer file or a folder with one, but there is nothing");
        }

        if (Path.GetExtension(file) is ".model" or ".gguf")
        {
            var (pipeline, special) =
                Path.GetExtension(file) == ".model" ? PieceReader.Read(file) : GgufReader.Read(file);
            return new Tokenizer(pipeline, special);
        }

        return ReadJson(JsonPart.Open(file), TokenizerConfig.Read(Path.GetDirectoryName(Path.GetFullPath(file))!));
    }

    private static Tokenizer ReadJson(JsonPart root, TokenizerConfig config)
    {
        var pipeline = ReadPipeline(root, config);
        var tokenizer = new Tokenizer(pipeline, config.Special)
        {
            Settings = config.Settings,
            Truncation = LimitsReader.Truncation(root),
            Padding = LimitsReader.Padding(root),
        };
        return config.SplitsSpecialTokens ? tokenizer.WithSpecialTokensAsText() : tokenizer;
    }

    private static string FileIn(string folder) =>
        new[] { JsonFile, PieceFile }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? (Directory.GetFiles(folder, "*.gguf") is [var only] ? only : null)
        ?? throw new TokenizerException(folder,
            $"must be a folder with a tokenizer, but it has no {JsonFile}, no {PieceFile} and not one .gguf file");

    /// <summary>Reads the pipeline that <c>tokenizer.json</c> describes, with the tokens that the files beside it
    /// add.</summary>
    private static TokenPipeline ReadPipeline(JsonPart root, TokenizerConfig config)
    {
        var normalizer = root.Find("normalizer") is { } normalizerPart ? NormalizerReader.Read(normalizerPart) : null;
        var preTokenizerPart = root.Find("pre_tokenizer") is { } given ? WithPrefixSpace(given, config) : null;
        var modelPart = root.Get("model");
        var staysInBytes = preTokenizerPart is { } byteLevel && PreTokenizerReader.EndsInByteLevel(byteLevel)
            && ModelReader.CanReadBytes(modelPart);
        var model = ModelReader.Read(modelPart, staysInBytes);
        return new TokenPipeline(
            normalizer,
            preTokenizerPart is { } part ? PreTokenizerReader.Read(part, staysInBytes) : null,
            model,
            root.Find("post_processor") is { } postProcessor ? PostProcessorReader.Read(postProcessor) : null,
            root.Find("decoder") is { } decoder ? DecoderReader.Read(decoder) : new JoinDecoder(),
            config.Complete(
                root.Find("added_tokens") is { } added ? AddedTokens(added, model.Vocabulary) : [], model.Vocabulary));
    }

    private static JsonPart? WithPrefixSpace(JsonPart part, TokenizerConfig config)
    {
        if (config.AddsPrefixSpace is not { } adds || part.Find("add_prefix_space") is null)
        {
            return part;
        }

        var changed = JsonObject.Create(part.Element)!;
        changed["add_prefix_space"] = adds;
        return part with { Element = JsonSerializer.SerializeToElement(changed) };
    }

    private static List<AddedToken> AddedTokens(JsonPart list, Vocabulary vocabulary)
    {
        List<AddedToken> tokens = [];
        foreach (var item in list.Items())
        {
            var token = new AddedToken(item.Get("id").Int(), item.Get("content").Text(), item.Bool("special", false))
            {
                SingleWord = item.Bool("single_word", false),
                StripsLeft = item.Bool("lstrip", false),
                StripsRight = item.Bool("rstrip", false),
                IsNormalized = item.Bool("normalized", true),
            };
            if (token.Content.Length > 0 && tokens.TrueForAll(other => other.Content != token.Content))
            {
                VocabularyReader.CheckId(item.Get("id"), token.Id, vocabulary.Count + tokens.Count);
                tokens.Add(token);
            }
        }

        return tokens;
    }
}
