using System.Text.Json;

namespace Hone.Benchmarks.Models;

/// <summary>
/// A tokenizer of one word for each id, so that text becomes exactly the ids that were recorded: <c>t17</c> is 17.
/// </summary>
public static class WordTokenizer
{
    private static readonly string[] Special = ["<pad>", "<s>", "</s>"];

    /// <summary>The text of some ids.</summary>
    public static string TextOf(IEnumerable<int> ids) => string.Join(' ', ids.Select(WordOf));

    /// <summary>Writes the tokenizer's files.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="vocabulary">How many ids there are.</param>
    public static void Write(string folder, int vocabulary)
    {
        var file = new
        {
            version = "1.0",
            added_tokens = Special.Select((content, id) =>
                new
                {
                    id,
                    content,
                    single_word = false,
                    lstrip = false,
                    rstrip = false,
                    normalized = false,
                    special = true
                }),
            pre_tokenizer = new { type = "WhitespaceSplit" },
            model = new
            {
                type = "WordLevel",
                vocab = Enumerable.Range(0, vocabulary).ToDictionary(WordOf, id => id),
                unk_token = Special[0],
            },
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(file));
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"),
            JsonSerializer.Serialize(new { pad_token = Special[0], bos_token = Special[1], eos_token = Special[2] }));
    }

    private static string WordOf(int id) => id < Special.Length ? Special[id] : $"t{id}";
}
