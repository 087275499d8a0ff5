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

        var (pipeline, special) = Path.GetExtension(file) switch
        {
            ".model" => PieceReader.Read(file),
            ".gguf" => GgufReader.Read(file),
            _ => (ReadPipeline(JsonPart.Open(file)),
                SpecialTokensReader.Read(Path.GetDirectoryName(Path.GetFullPath(file))!)),
        };
        return new Tokenizer(pipeline, special);
    }

    private static string FileIn(string folder) =>
        new[] { JsonFile, PieceFile }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? (Directory.GetFiles(folder, "*.gguf") is [var only] ? only : null)
        ?? throw new TokenizerException(folder,
            $"must be a folder with a tokenizer, but it has no {JsonFile}, no {PieceFile} and not one .gguf file");

    /// <summary>Reads the pipeline that <c>tokenizer.json</c> describes.</summary>
    public static TokenPipeline ReadPipeline(JsonPart root)
    {
        var normalizer = root.Find("normalizer") is { } normalizerPart ? NormalizerReader.Read(normalizerPart) : null;
        var preTokenizerPart = root.Find("pre_tokenizer");
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
            root.Find("added_tokens") is { } added ? AddedTokens(added, model.Vocabulary) : []);
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
