namespace Hone.Cli.Tests;

/// <summary>A recipe of SFT with a model and rows of its own.</summary>
internal static class TinyRecipe
{
    /// <summary>Writes it with all that it names, and tells its path. Five rows of thirty make a step, in more than one
    /// micro-batch; a checkpoint comes every second step.</summary>
    public static string Write(ScratchFolder folder, int steps)
    {
        TinyModel.Write(Path.Combine(folder.Path, "model"), stopTokens: 257);
        var rows = Enumerable.Range(0, 30).Select(row => $"{{\"text\":\"row {row} of {new string('y', row)}\"}}\n");
        folder.File("rows.jsonl", string.Concat(rows));
        return folder.File("sft.yaml", $$"""
            method: sft
            seed: 1
            steps: {{steps}}
            output: run
            threads: 1
            compute: float32
            model: {path: "${recipe}/model"}
            data: {train: {path: "${recipe}/rows.jsonl"}, max_length: 64}
            batch: {rows_per_step: 5, tokens_per_micro_batch: 64}
            checkpoints: {every: 2}
            """);
    }
}
