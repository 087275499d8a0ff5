using System.Collections.Concurrent;
using System.Text.Json;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>The tokenizers of the cases, each read once.</summary>
internal sealed class LoadedTokenizers
{
    private readonly ConcurrentDictionary<string, Tokenizer> _byPath = new(StringComparer.Ordinal);

    /// <summary>The tokenizer of a folder or file.</summary>
    public Tokenizer At(string path) => _byPath.GetOrAdd(path, Tokenizer.Load);

    /// <summary>A real tokenizer, which lies with the tokenizers or with a model.</summary>
    public Tokenizer Real(GoldenFolders folders, string name) => At(folders.Fixtures
        .SelectMany(folder => new[] { Path.Combine(folder, "tokenizers", name), Path.Combine(folder, "models", name) })
        .FirstOrDefault(Directory.Exists)
        ?? throw new GoldenException($"{name}: no folder of fixtures has such a tokenizer"));

    /// <summary>The tokenizer that <paramref name="json"/> spells out as a <c>tokenizer.json</c>.</summary>
    public static Tokenizer Of(string json)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-");
        try
        {
            var file = Path.Combine(folder.FullName, "tokenizer.json");
            File.WriteAllText(file, json);
            return Tokenizer.Load(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A tokenizer without a single word, whose one token stands for each piece of text as it is.</summary>
    /// <remarks>So the tokens of a text are the pieces that the parts make of it.</remarks>
    public static Tokenizer OfPieces(object? normalizer, object? preTokenizer) => Of(JsonSerializer.Serialize(new
    {
        normalizer,
        pre_tokenizer = preTokenizer,
        model = new { type = "Unigram", unk_id = 0, vocab = new object[] { new object[] { "\uFFFF?", 0.0 } } },
    }));
}
