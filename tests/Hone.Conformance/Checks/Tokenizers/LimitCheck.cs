using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Cutting and filling up. Where the library panics over a stride that is too large, a refusal is
/// expected.</summary>
public sealed class LimitCheck : ICheck
{
    private readonly LoadedTokenizers _tokenizers = new();

    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds => ["options/truncation*", "options/padding*"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        var encoder = new BatchEncoder(_tokenizers.At(golden.Beside("wordlevel_bert.json")))
        {
            Truncation = TruncationOf(record["truncation"]),
            Padding = record.Find("padding") is { } padding ? PaddingOf(padding) : null,
            AddSpecialTokens = record.FlagOr("add_special_tokens", true),
        };
        if (record.Find("batch") is { } batch)
        {
            var got = encoder.Encode([.. batch.Items.Select(Input)]);
            foreach (
                var ((expected, text), index) in record["out"].Items.Zip(got).Select((pair, index) => (pair, index)))
            {
                Compare($"out[{index}]", expected, text, findings);
            }

            return;
        }

        var texts = record["texts"].Items;
        var input = new TextInput(texts[0].Text, texts.Count > 1 ? texts[1].Text : null);
        if (record.Find("error") is null && record.Find("panic") is null)
        {
            Compare("", record, encoder.Encode([input])[0], findings);
            return;
        }

        var refused = false;
        try
        {
            encoder.Encode([input]);
        }
        catch (TokenizerException)
        {
            refused = true;
        }

        findings.Same("error", true, refused);
    }

    private static void Compare(string place, Field expected, TokenizedText got, Findings findings)
    {
        var tokens = expected["tokens"].Items.Select(token => token.Text).ToArray();
        findings.SameList($"{place}.ids", EncodedCase.Ints(expected["ids"]), got.Ids);
        findings.SameList($"{place}.tokens", tokens, got.Tokens);
        findings.SameList($"{place}.offsets", EncodedCase.Ints(expected["offsets"]), got.Offsets);
        findings.SameList(
            $"{place}.special_tokens_mask", EncodedCase.Ints(expected["special_tokens_mask"]), got.SpecialTokensMask);
        findings.SameList($"{place}.word_ids", EncodedCase.Ints(expected["word_ids"]), got.WordIds);
        findings.SameList($"{place}.sequence_ids", EncodedCase.Ints(expected["sequence_ids"]), got.SequenceIds);
        findings.SameList($"{place}.type_ids", IntsOr(expected, "type_ids", 0, tokens.Length), got.TypeIds);
        findings.SameList(
            $"{place}.attention_mask", IntsOr(expected, "attention_mask", 1, tokens.Length), got.AttentionMask);
        var others = expected.Find("overflowing")?.Items ?? [];
        findings.Same($"{place}.overflowing.count", others.Count, got.Overflowing.Count);
        foreach (var ((other, part), index) in others.Zip(got.Overflowing).Select((pair, index) => (pair, index)))
        {
            Compare($"{place}.overflowing[{index}]", other, part, findings);
        }
    }

    private static int[] IntsOr(Field record, string name, int usual, int count) =>
        record.Find(name) is { } list ? EncodedCase.Ints(list) : [.. Enumerable.Repeat(usual, count)];

    private static TextInput Input(Field item) => item.Json.ValueKind == System.Text.Json.JsonValueKind.Array
        ? new TextInput(item.Items[0].Text, item.Items[1].Text)
        : new TextInput(item.Text);

    private static Truncation? TruncationOf(Field part) => part.IsNull
        ? null
        : new Truncation((int)part["max_length"].Whole)
        {
            Stride = (int)part["stride"].Whole,
            Side = Side(part["direction"].Text),
            Strategy = part["strategy"].Text switch
            {
                "longest_first" => TruncationStrategy.LongestFirst,
                "only_first" => TruncationStrategy.OnlyFirst,
                "only_second" => TruncationStrategy.OnlySecond,
                var other => throw new GoldenException($"{part.At}: no such strategy is known: {other}"),
            },
        };

    private static Padding PaddingOf(Field part) => new((int)part["pad_id"].Whole, part["pad_token"].Text)
    {
        Length = part.Find("length") is { IsNull: false } length ? (int)length.Whole : null,
        MultipleOf = part.Find("pad_to_multiple_of") is { IsNull: false } multiple ? (int)multiple.Whole : null,
        TypeId = (int)part["pad_type_id"].Whole,
        Side = Side(part["direction"].Text),
    };

    private static TextSide Side(string direction) => direction == "left" ? TextSide.Left : TextSide.Right;
}
