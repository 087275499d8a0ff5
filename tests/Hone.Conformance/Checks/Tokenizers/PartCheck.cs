using System.Globalization;
using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Single normalizers, pre-tokenizers and decoders, each in a tokenizer that has no other part.</summary>
public sealed class PartCheck : ICheck
{
    private static readonly object EachCharacter = new { type = "FixedLength", length = 1 };

    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds =>
        ["components/normalizers*", "components/pre_tokenizers*", "components/decoders*"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var texts = JsonDocument.Parse(File.ReadAllText(golden.Beside("texts.json"))).RootElement;
        var config = golden.Record["config"];
        switch (golden.Record["kind"].Text)
        {
            case "normalizer":
                CompareNormalizer(config, golden.Record["cases"], texts, findings);
                break;
            case "pre_tokenizer":
                ComparePreTokenizer(config, golden.Record["cases"], texts, findings);
                break;
            case "decoder":
                CompareDecoder(config, golden.Record["cases"], findings);
                break;
            case var other:
                throw new GoldenException($"{golden.Name}: no such kind of part is known: {other}");
        }
    }

    private static void CompareNormalizer(Field config, Field cases, JsonElement texts, Findings findings)
    {
        var whole = LoadedTokenizers.OfPieces(config.Json, null);
        var single = LoadedTokenizers.OfPieces(config.Json, EachCharacter);
        foreach (var item in cases.Items)
        {
            var name = item["text"].Text;
            var text = texts.GetProperty(name).GetString()!;
            findings.Same($"{name}.out", item.TextOr("out", text), string.Concat(whole.Encode(text).Tokens));
            if (item.Find("char_offsets") is { } offsets)
            {
                findings.SameList($"{name}.char_offsets", EncodedCase.Ints(offsets), single.Encode(text).Offsets);
            }
        }
    }

    private static void ComparePreTokenizer(Field config, Field cases, JsonElement texts, Findings findings)
    {
        var tokenizer = LoadedTokenizers.OfPieces(null, config.Json);
        foreach (var item in cases.Items)
        {
            // Of an empty text the library may keep one empty piece, which no model turns into a token; here there is
            // none.
            var name = item["text"].Text;
            string[] pieces = [.. item["pieces"].Items.Select(piece => piece.Text).Where(piece => piece.Length > 0)];
            var got = tokenizer.Encode(texts.GetProperty(name).GetString()!);
            findings.SameList($"{name}.pieces", pieces, got.Tokens);
            findings.SameList($"{name}.offsets", EncodedCase.Ints(item["offsets"])[..(pieces.Length * 2)], got.Offsets);
        }
    }

    private static void CompareDecoder(Field config, Field cases, Findings findings)
    {
        var number = 0;
        foreach (var item in cases.Items.Where(item => item.Find("panic") is null))
        {
            string[] tokens = [.. item["tokens"].Items.Select(token => token.Text)];
            string[] distinct = [.. tokens.Distinct()];
            var vocab = distinct.ToDictionary(token => token, token => Array.IndexOf(distinct, token));
            var tokenizer = LoadedTokenizers.Of(JsonSerializer.Serialize(new
            {
                decoder = config.Json,
                model = new { type = "WordLevel", vocab, unk_token = "" },
            }));
            int[] ids = [.. tokens.Select(token => Array.IndexOf(distinct, token))];
            var place = (number++).ToString(CultureInfo.InvariantCulture);
            findings.Same($"cases[{place}].out", item["out"].Text, tokenizer.Decode(ids, skipSpecialTokens: false));
        }
    }
}
