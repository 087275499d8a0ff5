using System.Text.Json;
using Hone.Text.Pipeline;

namespace Hone.Text.Reading;

/// <summary>Reads which tokens begin, end and fill a text.</summary>
internal static class SpecialTokensReader
{
    /// <summary>Reads <c>tokenizer_config.json</c> and, which beats it, <c>special_tokens_map.json</c>, as far as they
    /// are there.</summary>
    public static SpecialTokens Read(string folder)
    {
        JsonPart[] files = [.. new[] { "special_tokens_map.json", "tokenizer_config.json" }
            .Select(name => Path.Combine(folder, name))
            .Where(File.Exists)
            .Select(JsonPart.Open)];
        return new SpecialTokens
        {
            Bos = TokenOf(files, "bos_token"),
            Eos = TokenOf(files, "eos_token"),
            Pad = TokenOf(files, "pad_token"),
            Unknown = TokenOf(files, "unk_token"),
        };
    }

    private static string? TokenOf(JsonPart[] files, string role)
    {
        foreach (var file in files)
        {
            if (file.Find(role) is { } part)
            {
                return part.Element.ValueKind == JsonValueKind.Object ? part.Get("content").Text() : part.Text();
            }
        }

        return null;
    }
}
