using Hone.Fuzz.Targets;

namespace Hone.Fuzz;

/// <summary>Every reader that is fuzzed.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<ITarget> All { get; } =
    [
        new SafetensorsTarget(), new ModelConfigTarget(), new TokenizerJsonTarget(), new SentencePieceTarget(),
        new GgufTarget(), new GgufModelTarget(),
        new ParquetTarget(), new ArrowTarget(), new TemplateTarget(), new JsonLinesTarget(), new CsvTarget(),
        new ZstandardTarget(),
    ];
}
