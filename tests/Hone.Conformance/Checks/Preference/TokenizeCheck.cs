using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Text;

namespace Hone.Conformance.Checks.Preference;

/// <summary>Rows of supervised fine-tuning as tokens and targets, and packed.</summary>
public sealed class TokenizeCheck : ICheck
{
    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["data/tokenize"];

    public string? NotOffered(GoldenCase golden)
    {
        var trainer = golden.Options["trainer"].Text;
        return trainer != "sft"
            ? $"rows of {trainer} are not read yet"
            : golden.Expected["exact"].Find("error") is not null
                ? "a row without an answer is left out and counted, no error"
            : golden.Options["tokenizer"].Text == "tokenizers/phi-3"
                ? "transformers builds tokenizers of this class anew; here tokenizer.json counts as it stands"
            : HasMessages(golden, "prompt") && !golden.Options.FlagOr("assistant_only_loss", false)
                ? "of a completion that is messages TRL trains the template's line end, too, which nothing generates"
            : null;
    }

    private static bool HasMessages(GoldenCase golden, string column) => golden.Inputs["rows"].Items.Any(
        row => row.Find(column) is { Json.ValueKind: JsonValueKind.Array });

    public void Run(GoldenCase golden, Findings findings)
    {
        var options = golden.Options;
        var packs = options.FlagOr("packing", false);
        var most = (int)options.NumberOr("max_length", int.MaxValue);
        var folder = golden.Folders.Fixture(options["tokenizer"].Text);
        var tokenizer = Tokenizer.Load(folder);
        var everything = HasMessages(golden, "messages") || HasMessages(golden, "conversations")
            ? !options.FlagOr("assistant_only_loss", false)
            : !options.FlagOr("completion_only_loss", true);
        var encoder = new ExampleEncoder(
            tokenizer,
            Template(golden, folder, tokenizer),
            new EncodingOptions
            {
                // TRL packs before it cuts
                MaxLength = packs ? int.MaxValue : most,
                Long = options.TextOr("truncation_mode", "keep_start") switch
                {
                    "keep_start" => LongExamples.CutEnd,
                    "keep_end" => LongExamples.CutStart,
                    var name => throw new GoldenException($"truncation_mode: the product has no \"{name}\""),
                },
                TrainOn = everything ? TrainOn.Everything : TrainOn.Completion,
            });
        var examples = Rows(golden).SelectMany(encoder.EncodeFitting).ToList();
        var rows = packs
            ? Packer.Pack(examples, most, PackingCheck.Strategy(options.TextOr("packing_strategy", "bfd"))).ToList()
            : [.. examples.Select((example, i) => PackedRow.Of(examples, [new PackedPiece(i, 0, example.Length)]))];

        var expected = golden.Expected["exact"];
        PackingCheck.Compare(findings, expected["input_ids"], [.. rows.Select(row => row.Tokens)]);
        CompareTargets(findings, expected["labels"], rows);
        if (expected.Find("seq_lengths") is { } lengths)
        {
            PackingCheck.Compare(findings, lengths, [.. rows.Select(PackingCheck.SegmentLengths)]);
        }
    }

    private static IChatTemplate Template(GoldenCase golden, string folder, Tokenizer tokenizer) => ChatTemplates.For(
        folder,
        tokenizer,
        TimeProvider.System,
        new ChatTemplateChoice
        {
            Template = golden.Options.Value("chat_template") is { } file ? golden.Folders.Fixture(file.Text) : "",
        });

    private static List<Row> Rows(GoldenCase golden)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, golden.Inputs["rows"].Json.GetRawText());
            return [.. DataSource.Open(new DataSourceOptions { Path = file, Format = DataFormat.Json }).Read()];
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Holds targets against labels: −100 is none. The first token of a sequence has a label in these records,
    /// but nothing stands before it to predict it from, and TRL's collator takes the label away.</summary>
    private static void CompareTargets(Findings findings, Field labels, List<PackedRow> rows)
    {
        foreach (var (expected, row) in labels.Items.Zip(rows))
        {
            findings.SameList(
                expected.At,
                [.. expected.Numbers.Select((label, t) => label != -100 && row.Positions[t] > 0)],
                row.Trained);
        }
    }
}
