using System.Text.Json;
using Hone.Data;
using Hone.Models.Generation;
using Hone.Training.Methods;

namespace Hone.Training.Tests;

/// <summary>Rollouts that no engine has made.</summary>
internal static class Rollouts
{
    /// <summary>A finished answer to a prompt.</summary>
    public static Rollout Of(int[] prompt, int[] tokens, float[] logProbs, int line = 1)
    {
        var row = new PromptRow(
            new SourceLine("rows.jsonl", line), new PlainText(""), new Dictionary<string, JsonElement>());
        return new Rollout(0, 0, row, prompt, new Completion(tokens, logProbs, FinishReason.Stop, 0), "");
    }

    /// <summary>An answer of a row of which nothing but its line matters.</summary>
    public static Rollout OfLine(int line) => Of([1], [2, Tiny.End], [-1, -1], line);
}
