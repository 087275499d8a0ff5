using System.Text.Json;
using Hone.Data;
using Hone.Models;
using Hone.Models.Configuration;
using Hone.Torch;
using Hone.Training.Recipes;
using Hone.Training.Tests.Recipes;

namespace Hone.Training.Tests;

/// <summary>The smallest model, tokenizer, rows and recipes that a run can be made of.</summary>
internal static class Tiny
{
    /// <summary>Ids: a … h are 0 … 7, the space is 8, the end of text 9.</summary>
    public const int Vocabulary = 10;

    public const int End = 9;

    private const string Common = """
        seed: 7
        compute: float32
        threads: 1
        model:
          config:
            {hidden_size: 16, layers: 2, heads: 4, kv_heads: 2, intermediate_size: 24,
             max_position_embeddings: 64, initializer_range: 0.3}
        optimizer: {learning_rate: 0.01, weight_decay: 0.1}
        """;

    /// <summary>Seven rows of different lengths, 3 a step, so that the second epoch begins inside of a step.</summary>
    private static readonly string[] SftRows =
    [
        """{"prompt": "ab", "completion": "cd"}""",
        """{"prompt": "a", "completion": "bcdefgh"}""",
        """{"prompt": "hgfe dcb", "completion": "a"}""",
        """{"prompt": "", "completion": "aa bb cc dd"}""",
        """{"prompt": "gg", "completion": "hh gg"}""",
        """{"prompt": "abc abc", "completion": "abc"}""",
        """{"prompt": "f", "completion": "e"}""",
    ];

    private static readonly string[] GrpoRows =
    [
        """{"prompt": "ab", "word": "a"}""",
        """{"prompt": "hgfe dcb", "word": "b"}""",
        """{"prompt": "c", "word": "c"}""",
        """{"prompt": "dd ee", "word": "d"}""",
        """{"prompt": "fgh"}""",
    ];

    private static readonly string[] DpoRows =
    [
        """{"prompt": "ab abcdefgh", "chosen": "cd", "rejected": "dc"}""",
        """{"prompt": "a", "chosen": "bcdefgh", "rejected": ""}""",
        """{"chosen": "hgfe dcb a", "rejected": "hgfe dcb bb"}""",
        """{"prompt": "gg gg gg gg", "chosen": "hh gg", "rejected": "a"}""",
        """{"prompt": "f", "chosen": "e", "rejected": "ddd"}""",
    ];

    /// <summary>A new model of the sizes that the recipes name, its head apart from its embedding where asked
    /// for.</summary>
    public static Decoder Decoder(
        DType compute = DType.Float32, bool tied = true, Func<DecoderConfig, DecoderConfig>? change = null)
    {
        using var folder = new TemporaryFolder();
        var recipe = Sft(folder);
        var config = RecipeModel.Config(recipe.Model.Config!, Vocabulary) with { TiedHead = tied };
        var decoder = Hone.Models.Decoder.Create(change?.Invoke(config) ?? config, seed: 7, compute);
        decoder.SetTrainable(true);
        return decoder;
    }

    /// <summary>The recipe of a method.</summary>
    public static Recipe Of(string method, TemporaryFolder folder, params string[] overrides) => method switch
    {
        "sft" => Sft(folder, overrides),
        "dpo" => Dpo(folder, overrides),
        "grpo" => Grpo(folder, overrides),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "no such method"),
    };

    /// <summary>Imitation of rows that are written into the folder.</summary>
    public static Recipe Sft(TemporaryFolder folder, params string[] overrides) =>
        Read(
            folder,
            SftRows,
            """
            method: sft
            steps: 5
            batch: {rows_per_step: 3, tokens_per_micro_batch: 32}
            checkpoints: {every: 2}
            """,
            overrides);

    /// <summary>GRPO on prompts that are written into the folder, with a reference model and two passes over each
    /// rollout.</summary>
    public static Recipe Grpo(TemporaryFolder folder, params string[] overrides) => Read(
        folder,
        GrpoRows,
        """
        method: grpo
        steps: 4
        batch: {rows_per_step: 2, tokens_per_micro_batch: 40}
        checkpoints: {every: 0}
        grpo:
          group_size: 4
          max_new_tokens: 8
          inner_epochs: 2
          kl_coefficient: 0.05
          rewards:
            - {name: length, target: 4, tolerance: 4}
            - {name: contains_word, weight: 2}
        """,
        overrides);

    /// <summary>What makes of a recipe one that trains an adapter on a model that is written into the folder.</summary>
    public static string[] WithAdapter(TemporaryFolder folder, string adapter, params string[] overrides)
    {
        var path = folder["base"];
        if (!Directory.Exists(path))
        {
            using var beside = new TemporaryFolder();
            using var model = RecipeModel.Load(Sft(beside), DType.Float32);
            model.Save(path);
        }

        return [$"model={{path: {path}}}", $"adapter={adapter}", .. overrides];
    }

    /// <summary>DPO on pairs that are written into the folder.</summary>
    public static Recipe Dpo(TemporaryFolder folder, params string[] overrides) => Read(
        folder,
        DpoRows,
        """
        method: dpo
        steps: 5
        batch: {rows_per_step: 2, tokens_per_micro_batch: 64}
        checkpoints: {every: 2}
        dpo: {beta: 0.5}
        """,
        overrides);

    /// <summary>Writes the tokenizer's files.</summary>
    public static string WriteTokenizer(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        var vocabulary = "abcdefghĠ".Index().ToDictionary(letter => letter.Item.ToString(), letter => letter.Index);
        var bytes = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = false, use_regex = false };
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = new[]
            {
                new
                {
                    id = End,
                    content = "</s>",
                    single_word = false,
                    lstrip = false,
                    rstrip = false,
                    normalized = false,
                    special = true,
                },
            },
            pre_tokenizer = bytes,
            decoder = bytes,
            model = new { type = "BPE", vocab = vocabulary, merges = Array.Empty<string>() },
        }));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"eos_token": "</s>"}""");
        return path;
    }

    /// <summary>The weights that a run has left, as they stand in their file.</summary>
    public static byte[] Weights(TrainingResult result) =>
        File.ReadAllBytes(Path.Combine(result.Folder, "model.safetensors"));

    /// <summary>An example of which the tokens from <paramref name="from"/> on are targets.</summary>
    public static TrainingExample Example(int from, params int[] tokens) =>
        new(tokens, [.. tokens.Select((_, t) => t >= from)]);

    private static Recipe Read(TemporaryFolder folder, string[] rows, string method, string[] overrides)
    {
        var path = folder["rows.jsonl"];
        if (!File.Exists(path))
        {
            File.WriteAllLines(path, rows);
        }

        return RecipeTexts.Read(
            $"{method}\n{Common}\noutput: {folder["run"]}\ndata: {{train: {{path: {path}}}, max_length: 32}}",
            [$"model.tokenizer={WriteTokenizer(folder.Path)}", .. overrides]);
    }
}
