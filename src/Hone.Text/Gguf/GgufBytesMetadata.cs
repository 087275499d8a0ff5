using System.Text.Json.Nodes;
using Hone.Text.Reading;

namespace Hone.Text.Gguf;

/// <summary>Finds the name that GGUF has for the way in which a <c>tokenizer.json</c> over bytes cuts text.</summary>
internal static class GgufBytesMetadata
{
    // Of ways that cut alike, the one that most files name.
    private static readonly string[] Ways = ["gpt-2", "smollm", "llama-bpe", "dbrx", "qwen2", "deepseek-coder",
        "deepseek-v3"];

    /// <summary>The name; null for a tokenizer that is not over bytes.</summary>
    /// <exception cref="TokenizerException">It is over bytes, and there is no name for how it cuts.</exception>
    public static string? WayOf(JsonPart file)
    {
        var cutting = file.Find("pre_tokenizer");
        if (cutting is not { } part || !PreTokenizerReader.EndsInByteLevel(part))
        {
            return null;
        }

        var form = file.Find("normalizer")?.Text("type");
        var ignoresMerges = file.Get("model").Bool("ignore_merges", false);
        return Ways.FirstOrDefault(
            way => (form, ignoresMerges) == GgufBytesJson.FormOf(way) && SameCut(part, GgufBytesJson.Cutting(way)))
            ?? throw new TokenizerException(
                part.Place,
                "must cut text in a way that GGUF has a name for, but it has none for this one; export to safetensors");
    }

    private static bool SameCut(JsonPart found, JsonObject known)
    {
        var steps = StepsOf(JsonNode.Parse(found.Element.GetRawText())!.AsObject());
        return steps.SequenceEqual(StepsOf(known));
    }

    // What of each step decides where text is cut.
    private static IEnumerable<string> StepsOf(JsonObject step) => (string?)step["type"] switch
    {
        "Sequence" => step["pretokenizers"]!.AsArray().SelectMany(inner => StepsOf(inner!.AsObject())),
        "Split" => [$"split {step["behavior"]} {step["invert"]} {step["pattern"]?.ToJsonString()}"],
        "Digits" => [$"digits {step["individual_digits"]}"],
        "ByteLevel" => [$"bytes {step["use_regex"] ?? true} {step["add_prefix_space"]}"],
        var other => [$"{other} {step.ToJsonString()}"],
    };
}
