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
        if (trainer is not ("sft" or "dpo"))
        {
            return $"rows of {trainer} are not read yet";
        }

        return IsChat(golden) switch
        {
            true when golden.Options["tokenizer"].Text == "tokenizers/phi-3" =>
                "by its tokenizer.json phi-3 has a space before a line end that follows a mark, which transformers 5 "
                    + "leaves out",
            true when trainer == "sft" && HasColumn(golden, "completion") =>
                "TRL trains the template's line end behind the last mark as well, which nothing ever generates",
            _ => null,
        };
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        var options = golden.Options;
        if (options["trainer"].Text == "dpo")
        {
            PreferenceTokens.Compare(golden, Rows(golden), findings);
            return;
        }

        var packs = options.FlagOr("packing", false);
        var most = (int)options.NumberOr("max_length", int.MaxValue);
        var tokenizer = Tokenizer.Load(golden.Folders.Fixture(options["tokenizer"].Text));
        var encoder = new ExampleEncoder(
            tokenizer,
            RecordedTemplate.Of(golden, tokenizer),
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
                TrainOn = TrainsAnswersAlone(golden) ? TrainOn.Completion : TrainOn.Everything,
            });
        if (golden.Expected["exact"].Find("error") is not null)
        {
            findings.Same("refused", true, IsRefused(golden, encoder));
            return;
        }

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

    /// <summary>TRL trains whole conversations unless it is told otherwise, and of pairs the completion.</summary>
    private static bool TrainsAnswersAlone(GoldenCase golden) => IsChat(golden) && !HasColumn(golden, "completion")
        ? golden.Options.FlagOr("assistant_only_loss", false)
        : golden.Options.FlagOr("completion_only_loss", true);

    private static bool IsChat(GoldenCase golden) => golden.Inputs["rows"].Items.Any(
        row => row.Entries.Any(column => column.Value.Json.ValueKind == JsonValueKind.Array));

    private static bool HasColumn(GoldenCase golden, string name) =>
        golden.Inputs["rows"].Items.Any(row => row.Find(name) is not null);

    private static bool IsRefused(GoldenCase golden, ExampleEncoder encoder)
    {
        try
        {
            encoder.EncodeAll(Rows(golden));
            return false;
        }
        catch (DataException)
        {
            return true;
        }
    }

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
