using System.Text;
using Hone.Text.Decoders;
using Hone.Text.Models;
using Hone.Text.Pipeline;
using Hone.Text.PostProcessors;
using Hone.Text.SentencePiece;

namespace Hone.Text.Gguf;

/// <summary>Reads the vocabulary of a GGUF file into a pipeline that gives what the model's own tokenizer
/// gives.</summary>
internal static class GgufReader
{
    /// <summary>Reads the file.</summary>
    public static (TokenPipeline Pipeline, SpecialTokens Special) Read(string path)
    {
        try
        {
            var header = GgufHeader.Read(path);
            var tokens =
                header.Texts("tokenizer.ggml.tokens") ?? throw new FormatException("has no tokenizer.ggml.tokens");
            var kinds = KindsOf(header, tokens.Length);
            SpecialTokens special = new()
            {
                Bos = NameOf(header, tokens, "tokenizer.ggml.bos_token_id"),
                Eos = NameOf(header, tokens, "tokenizer.ggml.eos_token_id"),
                Pad = NameOf(header, tokens, "tokenizer.ggml.padding_token_id"),
                Unknown = NameOf(header, tokens, "tokenizer.ggml.unknown_token_id"),
            };
            return header.Text("tokenizer.ggml.model") switch
            {
                "gpt2" => (OfBytes(header, tokens, kinds), special),
                "llama" => (OfPieces(header, tokens, kinds), special),
                var other => throw new FormatException(
                    $"has the tokenizer.ggml.model {other ?? "nothing"}; known are gpt2 and llama"),
            };
        }
        catch (Exception fault) when (fault is FormatException or EndOfStreamException)
        {
            throw new TokenizerException(path, $"must be a GGUF file with a vocabulary, but {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(path, $"cannot be read: {fault.Message}", fault);
        }
    }

    private static TokenPipeline OfBytes(GgufHeader header, string[] tokens, PieceKind[] kinds)
    {
        List<(byte[] Token, int Id)> entries = [.. tokens.Select((token, id) => (Encoding.UTF8.GetBytes(token), id))];
        List<(byte[] Token, int Id)> spelt = [];
        for (var id = 0; id < tokens.Length; id++)
        {
            if (kinds[id] == PieceKind.Normal && ByteAlphabet.BytesOf(tokens[id]) is { Length: > 0 } bytes)
            {
                spelt.Add((bytes, id));
            }
        }

        var vocabulary = new Vocabulary(entries);
        var merges = MergesOf(
            header.Texts("tokenizer.ggml.merges") ?? throw new FormatException("has no tokenizer.ggml.merges"),
            vocabulary);
        var scheme = GgufPreTokenizers.Of(
            header.Text("tokenizer.ggml.pre")
                ?? throw new FormatException("does not say how text is cut (tokenizer.ggml.pre)"));
        var model = new BpeModel(
            vocabulary, new Vocabulary(spelt), merges,
                new BpeOptions { SymbolsAreBytes = true, IgnoreMerges = scheme.IgnoresMerges });
        return new TokenPipeline(
            scheme.Normalizer, scheme.PreTokenizer, model, AffixesOf(header, tokens, addsBos: false),
                new ByteLevelDecoder(), AddedOf(tokens, kinds));
    }

    private static TokenPipeline OfPieces(GgufHeader header, string[] tokens, PieceKind[] kinds)
    {
        var scores =
            header.Numbers("tokenizer.ggml.scores") ?? throw new FormatException("has no tokenizer.ggml.scores");
        if (scores.Length != tokens.Length)
        {
            throw new FormatException($"has {tokens.Length} tokens, but {scores.Length} scores");
        }

        if (header.Int("tokenizer.ggml.unknown_token_id") is >= 0 and var unknown && unknown < kinds.Length)
        {
            kinds[unknown] = PieceKind.Unknown;
        }

        var file = PieceFile.OfMerges(
            tokens.Select((token, id) => new ScoredPiece(
                token, (float)scores[id], kinds[id] == PieceKind.UserDefined ? PieceKind.Control : kinds[id])),
            addsBlank: header.Bool("tokenizer.ggml.add_space_prefix", true));
        var tables = new PieceTables(file);
        return new TokenPipeline(
            new PieceNormalizer(file, tables.UserDefined),
            preTokenizer: null,
            new PieceBpeModel(file, tables),
            AffixesOf(header, tokens, addsBos: true),
            new DecoderSequence(
            [
                new TokenDecoder((token, _) => token.Replace('\u2581', ' ')),
                new ByteFallbackDecoder(),
                new FuseDecoder(),
                new StripDecoder(new Rune(' '), file.AddsBlank ? 1 : 0, 0),
            ]),
            AddedOf(tokens, kinds));
    }

    private static List<Merge> MergesOf(string[] lines, Vocabulary vocabulary)
    {
        var merges = new List<Merge>(lines.Length);
        foreach (var line in lines)
        {
            // The blank that parts the two: neither begins with one, since blanks are letters of the byte alphabet.
            var blank = line.Length > 1 ? line.IndexOf(' ', 1) : -1;
            var (left, right) = blank > 0 ? (line[..blank], line[(blank + 1)..]) : (line, "");
            int[] ids = [vocabulary.Find(left), vocabulary.Find(right), vocabulary.Find(left + right)];
            merges.Add(Array.TrueForAll(ids, id => id >= 0)
                ? new Merge(ids[0], ids[1], ids[2], merges.Count)
                : throw new FormatException($"has the merge \"{line}\", which is not of two tokens that make one"));
        }

        return merges;
    }

    private static List<AddedToken> AddedOf(string[] tokens, PieceKind[] kinds)
    {
        List<AddedToken> added = [];
        for (var id = 0; id < tokens.Length; id++)
        {
            if (kinds[id] is PieceKind.Control or PieceKind.UserDefined or PieceKind.Unknown && tokens[id].Length > 0)
            {
                added.Add(new AddedToken(id, tokens[id], IsSpecial: kinds[id] != PieceKind.UserDefined));
            }
        }

        return added;
    }

    private static TemplateProcessor? AffixesOf(GgufHeader header, string[] tokens, bool addsBos)
    {
        List<TemplatePart> single = [new TemplatePart(null, 0, 0)];
        if (header.Bool("tokenizer.ggml.add_bos_token", addsBos)
            && header.Int("tokenizer.ggml.bos_token_id") is { } bos)
        {
            single.Insert(0, new TemplatePart(new SpecialToken([bos], [tokens[bos]]), 0, 0));
        }

        if (header.Bool("tokenizer.ggml.add_eos_token", false) && header.Int("tokenizer.ggml.eos_token_id") is { } eos)
        {
            single.Add(new TemplatePart(new SpecialToken([eos], [tokens[eos]]), 0, 0));
        }

        return single.Count == 1 ? null : new TemplateProcessor(
            single, [.. single, .. single.Select(part => part with { Sequence = 1, TypeId = 1 })]);
    }

    private static PieceKind[] KindsOf(GgufHeader header, int count)
    {
        PieceKind[] kinds = header.Numbers("tokenizer.ggml.token_type") is { } types
            ? [.. types.Select(type => (PieceKind)type)]
            : [];
        return kinds.Length switch
        {
            0 => [.. Enumerable.Repeat(PieceKind.Normal, count)],
            _ when kinds.Length != count => throw new FormatException($"has {count} tokens, but {kinds.Length} types"),
            _ => kinds,
        };
    }

    private static string? NameOf(GgufHeader header, string[] tokens, string key) => header.Int(key) switch
    {
        null => null,
        >= 0 and var id when id < tokens.Length => tokens[id],
        var id => throw new FormatException(
            $"has {id} as {key}, but its tokens go from 0 to {tokens.Length - 1}"),
    };
}
