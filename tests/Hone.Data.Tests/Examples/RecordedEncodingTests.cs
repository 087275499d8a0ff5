using System.Text.Json;
using Hone.Text;

namespace Hone.Data.Tests.Examples;

/// <summary>Token ids and masks of TRL's data preparation (version 1.16) with real tokenizers.</summary>
public sealed class RecordedEncodingTests
{
    [Theory]
    [InlineData("tokenizers/gpt-2")]
    [InlineData("tokenizers/llama-spm")]
    [InlineData("models/stories260k")]
    public void Rows_become_the_tokens_and_targets_of_the_reference(string tokenizerPath)
    {
        var tokenizer = Tokenizer.Load(Path.Combine(SharedFixtures.Folder, tokenizerPath));
        var cases = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "tokenize.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var options = root.GetProperty("options");
            if (options.GetProperty("tokenizer").GetString() != tokenizerPath)
            {
                continue;
            }

            cases++;
            var rows = Scratch.Rows("rows.json", root.GetProperty("inputs").GetProperty("rows").GetRawText());
            var packing = options.TryGetProperty("packing", out _);
            var encoder = new ExampleEncoder(tokenizer, ChatTemplate.ChatMl, new()
            {
                MaxLength = options.TryGetProperty("max_length", out var most) && !packing
                    ? most.GetInt32()
                    : int.MaxValue,
                Long = options.TryGetProperty("truncation_mode", out var mode) && mode.GetString() == "keep_end"
                    ? LongExamples.CutStart
                    : LongExamples.CutEnd,
                TrainOn = options.TryGetProperty("completion_only_loss", out _)
                    ? TrainOn.Everything
                    : TrainOn.Completion,
            });
            var encoded = rows.SelectMany(encoder.EncodeFitting).ToList();

            var packed = packing
                ? Packer.Pack(encoded, most.GetInt32(), PackingStrategy.BestFit).ToList()
                : [.. encoded.Select((example, i) => PackedRow.Of(encoded, [new PackedPiece(i, 0, example.Length)]))];
            var expected = root.GetProperty("expected").GetProperty("exact");
            Assert.Equal(Rows(expected.GetProperty("input_ids")), packed.Select(row => row.Tokens));
            // the collator takes the label of each segment's first token away, which no model can predict
            Assert.Equal(
                Rows(expected.GetProperty("labels")).Zip(packed).Select(pair => pair.First.Select((
                    label, t) => label != -100 && pair.Second.Positions[t] > 0).ToArray()),
                packed.Select(row => row.Trained));
        }

        Assert.Equal(6, cases);
    }

    private static IEnumerable<int[]> Rows(JsonElement list) =>
        list.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt32()).ToArray());
}
