using Hone.Models.Checkpoints;
using Hone.Text;
using Hone.Text.Gguf;

namespace Hone.Models;

/// <summary>The tokenizer that lies in a model's folder or GGUF file.</summary>
internal static class TokenizerFolder
{
    /// <summary>The file that says all of a tokenizer.</summary>
    public const string Main = "tokenizer.json";

    private static readonly string[] Files =
    [
        Main, "tokenizer_config.json", "special_tokens_map.json", "tokenizer.model", "added_tokens.json",
        "vocab.json", "merges.txt", "vocab.txt", "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>Reads the tokenizer; null where there is none.</summary>
    /// <param name="folder">The folder, or a GGUF file.</param>
    /// <param name="vocabularySize">Tokens of the model.</param>
    /// <exception cref="CheckpointException">It has more tokens than the model.</exception>
    public static Tokenizer? Read(string folder, int vocabularySize)
    {
        if (!File.Exists(folder) && !File.Exists(Path.Combine(folder, Main)))
        {
            return null;
        }

        var tokenizer = Tokenizer.Load(folder);
        return tokenizer.VocabularySize <= vocabularySize
            ? tokenizer
            : throw new CheckpointException(
                $"{folder}: the tokenizer must not have more tokens than the model, it has {tokenizer.VocabularySize} "
                + $"and the model {vocabularySize}; take the tokenizer that the model was trained with");
    }

    /// <summary>Copies the tokenizer's files into a folder.</summary>
    /// <param name="source">The folder, or a GGUF file, that they are in.</param>
    /// <param name="folder">Where to.</param>
    /// <exception cref="CheckpointException">A file cannot be written.</exception>
    public static void Copy(string source, string folder)
    {
        if (File.Exists(source))
        {
            GgufTokenizerFiles.Write(source, folder);
            return;
        }

        foreach (var path in Files.Select(name => Path.Combine(source, name)).Where(File.Exists))
        {
            CheckpointFiles.Replace(Path.Combine(folder, Path.GetFileName(path)), stream =>
            {
                using var from = CheckpointFiles.OpenRead(path);
                from.CopyTo(stream);
            });
        }
    }
}
