using Hone.Data;
using Hone.Training.Ranks;

namespace Hone.Training.Methods;

/// <summary>Prompts to answer, and which of them a step uses.</summary>
/// <param name="Prompts">The rows with their prompts as tokens, in the order of their files.</param>
/// <param name="Order">Which row comes when.</param>
internal sealed record PromptSet(IReadOnlyList<Prompt> Prompts, DataOrder Order)
{
    /// <summary>What is worth knowing of the rows before training on them, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Adds the prompts to a hash, and what rewards read of their rows.</summary>
    public void AddTo(RowDigest digest)
    {
        foreach (var prompt in Prompts)
        {
            digest.Add(prompt.Tokens);
            foreach (var (name, value) in prompt.Row.Columns)
            {
                digest.Add(name);
                digest.Add(value.GetRawText());
            }
        }
    }

    /// <summary>
    /// The prompts of a step, counted from 1, each with its place in the run's order as the address of its draws.
    /// </summary>
    public IReadOnlyList<AddressedPrompt> OfStep(int step, int count)
    {
        var first = (step - 1L) * count;
        return [.. Order.RowsOfStep(step, count).Select((row, i) => new AddressedPrompt(first + i, Prompts[row]))];
    }

    /// <summary>The first prompts as they stand in their files.</summary>
    public IReadOnlyList<AddressedPrompt> First(int count) =>
        [.. Prompts.Take(count).Select((prompt, i) => new AddressedPrompt(i, prompt))];
}

/// <summary>A row to answer.</summary>
/// <param name="Row">The row.</param>
/// <param name="Tokens">Its prompt, <c>[prompt]</c>.</param>
internal sealed record Prompt(PromptRow Row, int[] Tokens);

/// <summary>A prompt at a place of the run.</summary>
/// <param name="Place">The prompt's number in the whole run.</param>
/// <param name="Prompt">The prompt.</param>
internal sealed record AddressedPrompt(long Place, Prompt Prompt);
