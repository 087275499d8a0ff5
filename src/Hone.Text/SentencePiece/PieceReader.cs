using Hone.Text.Models;
using Hone.Text.Pipeline;
using Hone.Text.PostProcessors;
using Hone.Text.Reading;

namespace Hone.Text.SentencePiece;

/// <summary>Reads a <c>tokenizer.model</c> into a pipeline that gives what SentencePiece gives.</summary>
internal static class PieceReader
{
    /// <summary>Reads the file. Of the folder's <c>tokenizer_config.json</c> it takes whether texts begin and end with
    /// their tokens.</summary>
    public static (TokenPipeline Pipeline, SpecialTokens Special) Read(string path)
    {
        try
        {
            var file = PieceFile.Read(File.ReadAllBytes(path));
            var special = SpecialOf(file);
            var pipeline = PipelineOf(file, ReadAffixes(path, file, special));
            return (pipeline, special);
        }
        catch (FormatException fault)
        {
            throw new TokenizerException(path, $"must be a SentencePiece model, but {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(path, $"cannot be read: {fault.Message}", fault);
        }
    }

    private static TokenPipeline PipelineOf(PieceFile file, IPostProcessor? postProcessor)
    {
        var tables = new PieceTables(file);
        ITokenModel model = file.Model switch
        {
            PieceModel.Bpe => new PieceBpeModel(file, tables),
            PieceModel.Unigram => UnigramOf(file, tables),
            _ => new PieceLookupModel(tables, byWord: file.Model == PieceModel.Word, file.BlankIsSuffix),
        };
        return new TokenPipeline(
            new PieceNormalizer(file, tables.UserDefined), preTokenizer: null, model, postProcessor,
                new PieceDecoder(file), addedTokens: []);
    }

    private static UnigramModel UnigramOf(PieceFile file, PieceTables tables)
    {
        var lowest = file.Pieces.Where(piece => piece.Kind == PieceKind.Normal).Select(piece => piece.Score)
            .DefaultIfEmpty(0).Min();
        double?[] scores = [.. file.Pieces.Select((piece, id) => piece.Kind switch
        {
            PieceKind.Normal => piece.Score,
            PieceKind.UserDefined => BidOf(tables.Vocabulary.BytesOf(id).Length),
            _ => (double?)null,
        })];
        return new UnigramModel(tables.Vocabulary, new UnigramOptions
        {
            Scores = scores,
            UnknownScore = (float)(lowest - UnigramOptions.UnknownPenalty),
            UnknownId = tables.UnknownId,
            ByteFallback = file.ByteFallback,
            InSinglePrecision = true,
            LooksRunsUp = false,
        });
    }

    // A user-defined piece outbids every learnt way through its bytes, and of two such ways that with fewer pieces
    // wins. The numbers are found by observation: where ways tie, it is the rounding of their sums that chooses.
    private static float BidOf(int bytes) => (float)((bytes * 0.1) - 0.1);

    private static SpecialTokens SpecialOf(PieceFile file) => new()
    {
        Bos = IfControl(file, file.Named.Bos),
        Eos = IfControl(file, file.Named.Eos),
        Pad = IfControl(file, file.Named.Pad),
    };

    private static string? IfControl(PieceFile file, string text) =>
        file.Pieces.Exists(piece => piece.Text == text && piece.Kind == PieceKind.Control) ? text : null;

    private static TemplateProcessor? ReadAffixes(string path, PieceFile file, SpecialTokens special)
    {
        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "tokenizer_config.json");
        if (!File.Exists(config))
        {
            return null;
        }

        var part = JsonPart.Open(config);
        List<TemplatePart> single = [new TemplatePart(null, 0, 0)];
        if (part.Bool("add_bos_token", false) && special.Bos is { } bos)
        {
            single.Insert(0, Part(file, bos));
        }

        if (part.Bool("add_eos_token", false) && special.Eos is { } eos)
        {
            single.Add(Part(file, eos));
        }

        return single.Count == 1 ? null : new TemplateProcessor(
            single, [.. single, .. single.Select(item => item with { Sequence = 1, TypeId = 1 })]);
    }

    private static TemplatePart Part(PieceFile file, string text) =>
        new(new SpecialToken([file.Pieces.FindIndex(piece => piece.Text == text)], [text]), 0, 0);
}
