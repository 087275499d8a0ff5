using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes;

public sealed class RecipeWriterTests
{
    [Theory]
    [InlineData(RecipeTexts.Sft)]
    [InlineData(RecipeTexts.Grpo)]
    [InlineData(RecipeTexts.Sft
        + "\ndescription: \"~\\n'é\\\"\"\nschedule: {kind: wsd, decay_steps: 3}\noptimizer: {epsilon: 1e-300}")]
    [InlineData(RecipeTexts.Sft + "\nthreads: 2\nevaluation: {every: 5}")]
    public void What_is_written_reads_back_to_the_same(string yaml)
    {
        var overrides = yaml.Contains("evaluation", StringComparison.Ordinal)
            ? new[] { "data.eval={path: e, columns: {text: '1.0', prompt: 'no'}}" } : [];
        var written = RecipeWriter.Write(RecipeTexts.Read(yaml, overrides));

        Assert.Equal(written, RecipeWriter.Write(RecipeTexts.Read(written)));
    }

    [Fact]
    public void All_defaults_are_spelled_out_in_the_order_of_the_records()
    {
        var written = RecipeWriter.Write(RecipeTexts.Read(RecipeTexts.Sft, "output=${recipe}/out"));

        Assert.StartsWith(
            """
            description: ""
            method: sft
            sft:
              loss: nll
              label_smoothing: 0
              train_on: completion
            seed: 1
            steps: 100
            output: "/home/recipes/out"
            compute: auto
            memory: normal
            threads: auto
            model:
              path: "some/model"
              quantisation: none
              double_quantisation: false
            data:
            """,
            written,
            StringComparison.Ordinal);
        Assert.EndsWith("logging:\n  every: 1\n  tensorboard: true\n  samples: 4\n", written, StringComparison.Ordinal);
    }
}
