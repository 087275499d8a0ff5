using Hone.Models.Adapters;
using Hone.Models.Checkpoints;
using Hone.Models.Gguf;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Export;

/// <summary>Writes a model in another format, reads it back, and says how far the two are apart.</summary>
public static class ModelExporter
{
    private const string UsualText =
        "The old lighthouse keeper counted the ships that passed between dusk and midnight: seven on Monday, 12 on "
        + "Tuesday, and none at all once the fog came in. \"A quiet sea,\" he wrote in his log, \"is not an empty "
        + "one.\" On clear days he could see the hills of the mainland, where his daughter taught physics, and he "
        + "would try to explain to visitors what she had told him about light: that it is slower in water than in air, "
        + "which is why a straight oar looks bent.\n\nHow far away is a storm if its thunder arrives 6 seconds after "
        + "the lightning? Sound travels about 343 metres in a second, so 6 × 343 = 2058 metres, or roughly two "
        + "kilometres.";

    /// <summary>Writes a model beside its place, reads it back, compares the two on a sample text, and renames
    /// it.</summary>
    /// <param name="source">The model's folder or GGUF file.</param>
    /// <param name="output">The folder, or the GGUF file, to write; must not exist.</param>
    /// <param name="options">How.</param>
    /// <exception cref="CheckpointException">The model cannot be read, the format has no place for it, or something is
    /// in the way.</exception>
    public static ExportReport Export(string source, string output, ExportOptions options) => CheckpointFiles.Create(
        output,
        beside =>
        {
            var (probe, warnings) = Write(source, beside, options);
            using (probe)
            {
                return new ExportReport(output, Files(beside, output), Compare(probe, beside), warnings);
            }
        },
        ending: options.AsGguf ? ".gguf" : "");

    private static (ParityProbe Probe, IReadOnlyList<string> Warnings) Write(
        string source, string beside, ExportOptions options)
    {
        using var model = ModelFolder.Load(source, options.Adapters);
        var adapters = model.Decoder.Adapters.Active;
        var probe = ParityProbe.Of(model.Decoder, Sample(model, options.SampleText));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(beside))!);
        if (options.AsGguf)
        {
            var name = Path.GetFileNameWithoutExtension(Path.GetFullPath(source).TrimEnd(Path.DirectorySeparatorChar));
            var vocabulary = model.Vocabulary();
            using var merge = AdapterMerge.Into(model.Decoder, adapters);
            GgufModelWriter.Write(beside, model.Decoder, options.Type ?? GgmlType.F16, name, vocabulary);
        }
        else
        {
            DType? type = options.Type is { } wanted ? GgufFile.TensorType(wanted) : null;
            model.SaveMerged(beside, adapters, type, options.ShardLimit);
        }

        return (probe, [.. model.Warnings, .. WordsOf(model, options, beside)]);
    }

    private static ParityReport Compare(ParityProbe probe, string written)
    {
        using var model = ModelFolder.Load(written);
        return probe.Compare(model.Decoder);
    }

    // Without a tokenizer there is no text; tokens spread over the vocabulary tell as much of weights.
    private static int[] Sample(ModelFolder model, string? text)
    {
        const int spread = 7919, count = 128;
        var tokens = model.Tokenizer?.EncodeIds(text ?? UsualText) ?? [];
        var size = model.Decoder.Config.VocabularySize;
        return tokens is [_, ..] ? tokens : [.. Enumerable.Range(0, count).Select(i => (int)((long)i * spread % size))];
    }

    // A vocabulary that went through GGUF must still cut text as it did.
    private static IEnumerable<string> WordsOf(ModelFolder model, ExportOptions options, string beside)
    {
        if (model.Tokenizer is not { } tokenizer || !options.AsGguf)
        {
            return [];
        }

        var text = options.SampleText ?? UsualText;
        return Hone.Text.Tokenizer.Load(beside).EncodeIds(text).AsSpan().SequenceEqual(tokenizer.EncodeIds(text))
            ? []
            : ["tokenizer: GGUF's own rules cut the sample text otherwise than tokenizer.json does; "
                + "keep that file beside the model"];
    }

    private static List<(string Name, long Bytes)> Files(string written, string output) => Directory.Exists(written)
        ? [.. Directory.EnumerateFiles(written).Order(StringComparer.Ordinal).Select(
            file => (Path.GetFileName(file), new FileInfo(file).Length))]
        : [(Path.GetFileName(output), new FileInfo(written).Length)];
}
