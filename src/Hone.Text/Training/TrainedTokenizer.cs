using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Text.Training;

/// <summary>A tokenizer that was learnt.</summary>
public sealed class TrainedTokenizer
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal TrainedTokenizer(IReadOnlyList<string> tokens, JsonObject content) =>
        (Tokens, Content) = (tokens, content);

    /// <summary>The tokens by id.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The whole tokenizer, as <c>tokenizer.json</c> has it.</summary>
    public JsonObject Content { get; }

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>, each beside its place and then
    /// renamed.</summary>
    /// <param name="folder">Where to; made where it does not exist.</param>
    /// <param name="config">What <c>tokenizer_config.json</c> is to say, such as which token ends a text.</param>
    public void Save(string folder, JsonObject config)
    {
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, "tokenizer.json"), Content);
        Write(Path.Combine(folder, "tokenizer_config.json"), config);
    }

    private static void Write(string path, JsonObject content)
    {
        var beside = $"{path}.new";
        File.WriteAllText(beside, $"{content.ToJsonString(Json)}\n");
        File.Move(beside, path, overwrite: true);
    }
}
