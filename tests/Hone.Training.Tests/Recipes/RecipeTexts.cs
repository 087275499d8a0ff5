using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes;

/// <summary>Recipes to break, and a reader that knows nothing of the machine.</summary>
internal static class RecipeTexts
{
    public const string Sft = """
        method: sft
        seed: 1
        steps: 100
        output: runs/one
        model:
          path: some/model
        data:
          train:
            path: rows.jsonl
        """;

    public const string Grpo = """
        method: grpo
        seed: 1
        steps: 8
        output: runs/two
        model:
          path: some/model
        data:
          train: {path: prompts.jsonl}
        grpo:
          rewards:
            - {name: contains_word, weight: 2}
        """;

    public static Recipe Read(string yaml, params string[] overrides) =>
        RecipeFile.Parse(yaml, "run.yaml", overrides, new RecipeVariables("/home/recipes", "/fixtures"));

    public static string[] Problems(string yaml, params string[] overrides) =>
        [.. Assert.Throws<OptionsException>(() => Read(yaml, overrides)).Problems];
}
