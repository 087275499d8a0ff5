using System.Text;
using System.Text.Json;
using Hone.Text.Decoders;
using Hone.Text.Pipeline;
using Hone.Text.Reading;

namespace Hone.Text.Tests;

/// <summary>Single parts of tokenizers against what the tokenizers library recorded of them.</summary>
public sealed class RecordedPartTests
{
    private const int MostShown = 3;

    [Theory]
    [InlineData("normalizers.jsonl")]
    [InlineData("normalizers_precompiled.jsonl")]
    public void Each_normalizer_gives_the_recorded_text_and_spans(string file) => Check(file, (config, record, text) =>
    {
        var normalizer = NormalizerReader.Read(config);
        var source = new AlignedText();
        var target = new AlignedText();
        source.Set(text, tracks: true);
        target.Clear(tracks: true);
        var result = normalizer.Rewrite(source, target) ? target : source;
        if (record.TryGetProperty("unchanged", out _))
        {
            return Difference("out", text, Encoding.UTF8.GetString(result.Bytes));
        }

        List<int> offsets = [];
        for (var index = 0; index < result.Length; index += Utf8Text.LengthAt(result.Bytes, index))
        {
            offsets.AddRange([result.StartOf(index), result.EndOf(index)]);
        }

        return Difference("out", record.GetProperty("out").GetString()!, Encoding.UTF8.GetString(result.Bytes))
            .Concat(record.TryGetProperty("char_offsets", out var spans)
                ? Difference("char_offsets", Show(spans), string.Join(' ', offsets))
                : []);
    });

    [Fact]
    public void Each_pre_tokenizer_gives_the_recorded_pieces_and_spans() =>
        Check("pre_tokenizers.jsonl", (config, record, text) =>
    {
        // Of an empty text the library keeps one empty piece where it never looks at it; here it has none.
        if (text.Length == 0)
        {
            return [];
        }

        var source = new AlignedText();
        source.Set(text, tracks: true);
        var pieces = new PreTokenizedText();
        pieces.Reset(source, 0, source.Length);
        PreTokenizerReader.Read(config, staysInBytes: false).Split(pieces);

        List<string> texts = [];
        List<int> offsets = [];
        for (var index = 0; index < pieces.Count; index++)
        {
            texts.Add(Encoding.UTF8.GetString(pieces.BytesOf(pieces[index])));
            offsets.AddRange([pieces.Text.StartOf(pieces[index].Start), pieces.Text.EndOf(pieces[index].End - 1)]);
        }

        return Difference("pieces", Show(record.GetProperty("pieces")), string.Join(' ', texts))
            .Concat(Difference("offsets", Show(record.GetProperty("offsets")), string.Join(' ', offsets)));
    });

    [Fact]
    public void Each_decoder_gives_the_recorded_text() => Check("decoders.jsonl", (config, record, _) =>
    {
        if (record.TryGetProperty("panic", out var _))
        {
            return [];
        }

        var decoding = new TextDecoding(DecoderReader.Read(config));
        foreach (var token in record.GetProperty("tokens").EnumerateArray())
        {
            decoding.Add(token.GetString()!);
        }

        decoding.Finish();
        return Difference(
            record.GetProperty("tokens").ToString(), record.GetProperty("out").GetString()!, decoding.TakeText());
    });

    [Theory]
    [InlineData("components/post_processors.jsonl")]
    [InlineData("options/added_tokens.jsonl")]
    public void Each_toy_tokenizer_gives_the_recorded_tokens(string file) =>
        Expect.None(Fixtures.Lines(Fixtures.Goldens(file))
        .SelectMany(record =>
        {
            var loaded = Toy.Load(record.GetProperty("tokenizer").GetRawText());
            var tokenizer = record.TryGetProperty("encode_special_tokens", out _)
                ? loaded.WithSpecialTokensAsText()
                : loaded;
            return record.GetProperty("cases").EnumerateArray()
                .SelectMany(item => RecordedCase.Differences(tokenizer, item))
                .Take(MostShown)
                .Select(difference => $"{record.GetProperty("name")}: {difference}");
        }));

    private static void Check(string file, Func<JsonPart, JsonElement, string, IEnumerable<string>> differences)
    {
        var path = Fixtures.Goldens($"components/{file}");
        var texts = Fixtures.Whole(Fixtures.Goldens("components/texts.json"));
        Expect.None(
            Fixtures.Lines(path).SelectMany(record => record.GetProperty("cases").EnumerateArray().SelectMany(item =>
        {
            var name = item.TryGetProperty("text", out var text) ? text.GetString()! : "";
            return differences(JsonPart.Root(file, record.GetProperty("config")), item, name.Length > 0
                ? texts.GetProperty(name).GetString()!
                : "")
                .Select(difference => $"{record.GetProperty("name")}: {name}: {difference}");
        }).Take(MostShown)));
    }

    private static IEnumerable<string> Difference(string what, string expected, string got) =>
        expected == got ? [] : [$"{what}: expected \"{expected}\", got \"{got}\""];

    private static string Show(JsonElement list) =>
        string.Join(' ', list.EnumerateArray().Select(item => item.ToString()));
}
