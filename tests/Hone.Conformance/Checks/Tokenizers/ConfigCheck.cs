using System.Text.Json.Nodes;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Folders with <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and
/// <c>special_tokens_map.json</c>.</summary>
/// <remarks>
/// A departure, on purpose: classes of transformers, and arguments of its loading, replace parts of
/// <c>tokenizer.json</c> or bring tokens along (<c>LlamaTokenizer</c> of version 5 takes a pre-tokenizer of its own, of
/// version 4 a post-processor by <c>add_bos_token</c>). Hone reads what the file says, as the <c>tokenizers</c> library
/// does; here the recorded parts and tokens are written into the files first, and everything else is compared. Chat
/// templates are another area.
/// </remarks>
public sealed class ConfigCheck : ICheck
{
    private static readonly string[] Roles = ["bos", "eos", "unk", "pad", "cls", "sep", "mask"];

    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds => ["config/*"];

    public string? NotOffered(GoldenCase golden) => golden.Record.Find("error") is not null
        ? "transformers refuses a class that it does not know; Hone reads the files whatever the class is called"
        : null;

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            Write(golden, folder);
            var tokenizer = Tokenizer.Load(folder);
            findings.Same("len", record["len"].Whole, (long)tokenizer.VocabularySize);
            CompareSpecial(tokenizer, record, findings);
            CompareSettings(tokenizer, record, findings);
            CompareTexts(tokenizer, record, findings);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(GoldenCase golden, string folder)
    {
        var record = golden.Record;
        var tokenizer = JsonNode.Parse(File.ReadAllText(Path.Combine(golden.Folders.Area, record["base"].Text)))!;
        foreach (var (name, part) in record["parts_now"].Entries)
        {
            tokenizer[name] = JsonNode.Parse(part.Json.GetRawText());
        }

        if (record["edit"] is { IsNull: false, Text: "post_processor set to null" }
            && record["parts_now"].Find("post_processor") is null)
        {
            tokenizer["post_processor"] = null;
        }

        var config = record["tokenizer_config"].IsNull
            ? new JsonObject()
            : JsonNode.Parse(record["tokenizer_config"].Json.GetRawText())!.AsObject();
        foreach (var role in Roles.Select(role => $"{role}_token"))
        {
            var named = record["special_tokens_map"] is { IsNull: false } map && map.Find(role) is not null;
            if (!named && config[role] is null && !record[role].IsNull)
            {
                config[role] = record[role].Text;
            }
        }

        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), config.ToJsonString());
        if (!record["special_tokens_map"].IsNull)
        {
            File.WriteAllText(
                Path.Combine(folder, "special_tokens_map.json"), record["special_tokens_map"].Json.GetRawText());
        }
    }

    private static void CompareSpecial(Tokenizer tokenizer, Field record, Findings findings)
    {
        int?[] ids =
        [
            tokenizer.BosId, tokenizer.EosId, tokenizer.UnknownId, tokenizer.PadId, tokenizer.ClassifierId,
            tokenizer.SeparatorId, tokenizer.MaskId,
        ];
        foreach (var (role, id) in Roles.Zip(ids))
        {
            // A token for unknown characters is the model's own where no file names one.
            var expected = record[$"{role}_token_id"];
            if (role != "unk" || !expected.IsNull)
            {
                findings.Same($"{role}_token_id", expected.IsNull ? null : (int)expected.Whole, id);
            }
        }

        findings.SameList(
            "all_special_tokens",
            [.. record["all_special_tokens"].Items.Select(token => token.Text)],
            tokenizer.SpecialTokens);
        findings.SameList(
            "all_special_ids",
            EncodedCase.Ints(record["all_special_ids"]),
            [.. tokenizer.SpecialTokens.Select(token => tokenizer.IdOf(token)!.Value)]);
        foreach (var (id, token) in record["added_tokens_decoder"].Entries)
        {
            var number = int.Parse(id, System.Globalization.CultureInfo.InvariantCulture);
            findings.Same($"added_tokens_decoder.{id}", token["content"].Text, tokenizer.TokenOf(number));
            findings.Same($"added_tokens_decoder.{id}.special", token["special"].Flag, tokenizer.IsSpecial(number));
        }
    }

    private static void CompareSettings(Tokenizer tokenizer, Field record, Findings findings)
    {
        var settings = tokenizer.Settings;
        findings.Same("padding_side", record["padding_side"].Text, Name(settings.PaddingSide));
        findings.Same("truncation_side", record["truncation_side"].Text, Name(settings.TruncationSide));
        findings.Same(
            "model_max_length",
            record["model_max_length"] is var most && most.Json.ValueKind == System.Text.Json.JsonValueKind.Number
                ? (int)most.Whole
                : null,
            settings.ModelMaxLength);
        findings.Same(
            "clean_up_tokenization_spaces", record["clean_up_tokenization_spaces"].Flag, settings.CleansUpSpaces);
    }

    private static void CompareTexts(Tokenizer tokenizer, Field record, Findings findings)
    {
        foreach (var item in record["cases"].Items)
        {
            var text = item["text"].Text;
            var ids = EncodedCase.Ints(item["ids"]);
            findings.SameList($"ids of \"{text}\"", ids, tokenizer.EncodeIds(text));
            findings.SameList(
                $"ids_plain of \"{text}\"",
                EncodedCase.Ints(item["ids_plain"]),
                tokenizer.EncodeIds(text, addSpecialTokens: false));
            findings.Same(
                $"decoded of \"{text}\"", item["decoded"].Text, tokenizer.Decode(ids, skipSpecialTokens: false));
            findings.Same(
                $"decoded_skip_special of \"{text}\"",
                item["decoded_skip_special"].Text,
                tokenizer.Decode(ids, skipSpecialTokens: true));
        }

        findings.SameList("pair", EncodedCase.Ints(record["pair"]), tokenizer.Encode("Hello", "world").Ids);
        if (record.Find("padded") is { } padded)
        {
            var got = new BatchEncoder(tokenizer)
            {
                Truncation = null,
                Padding = new Padding(tokenizer.PadId!.Value, tokenizer.TokenOf(tokenizer.PadId.Value))
                {
                    Side = tokenizer.Settings.PaddingSide,
                },
            }.Encode([new TextInput("a b"), new TextInput("Hello world again")]);
            Compare("padded.input_ids", padded["input_ids"], got.Select(text => text.Ids), findings);
            Compare(
                "padded.attention_mask", padded["attention_mask"], got.Select(text => text.AttentionMask), findings);
        }

        if (record.Find("truncated_to_5") is { } cut)
        {
            var got = new BatchEncoder(tokenizer)
            {
                Truncation = new Truncation(5) { Side = tokenizer.Settings.TruncationSide },
                Padding = null,
            }.Encode([new TextInput("Hello world again")]);
            Compare("truncated_to_5", cut, got.Select(text => text.Ids), findings);
        }
    }

    private static void Compare(string place, Field expected, IEnumerable<int[]> got, Findings findings)
    {
        foreach (var ((row, ids), index) in expected.Items.Zip(got).Select((pair, index) => (pair, index)))
        {
            findings.SameList($"{place}[{index}]", EncodedCase.Ints(row), ids);
        }
    }

    private static string Name(TextSide side) => side == TextSide.Left ? "left" : "right";
}
