using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>The sequences that go the same way through the model in a step, with what they are to predict.</summary>
/// <param name="step">Runs them.</param>
/// <param name="vocabularySize">Tokens that there are.</param>
internal sealed class StepLane(ITokenStep step, int vocabularySize)
{
    private readonly StepBatch _batch = new();
    private readonly TokenChooser _chooser = new(vocabularySize);
    private readonly List<(PromptGroup Group, int Row)> _computed = [];

    /// <summary>Tokens that wait to be computed.</summary>
    public int Tokens => _batch.Tokens;

    /// <summary>
    /// Adds tokens of a completion that are not in the cache; if these are all, the last predicts the next, and so does
    /// each of its draft.
    /// </summary>
    public void Add(RunningCompletion completion, int count)
    {
        var uncached = completion.Uncached;
        if (count < uncached.Length)
        {
            _batch.Add(completion.Row, uncached[..count], completion.Length, wanted: 0, completion.Adapters);
            return;
        }

        var wanted = 1 + completion.Draft.Count;
        for (var ahead = 0; ahead < wanted; ahead++)
        {
            _chooser.Add(completion, _batch.Wanted + ahead, ahead);
        }

        var tokens = wanted == 1 ? uncached : [.. uncached, .. completion.Draft];
        _batch.Add(completion.Row, tokens, completion.Length, wanted, completion.Adapters);
    }

    /// <summary>Adds the next tokens of a prompt; its last predicts for all completions of the group.</summary>
    public void Add(PromptGroup group, int count)
    {
        var (done, length) = (group.Computed, group.Adapters.VirtualTokens + group.Prompt.Length);
        var last = done + count == group.Prompt.Length;
        if (last)
        {
            _computed.Add((group, _batch.Wanted));
        }

        _batch.Add(group.Row, group.Prompt.AsSpan(done, count), length, wanted: last ? 1 : 0, group.Adapters);
    }

    /// <summary>Computes what was added, hands out the chosen tokens, and gives prompts their logits.</summary>
    public void Run(KeyValueCache cache, Action<RunningCompletion, SampledToken> accept)
    {
        if (Tokens == 0)
        {
            return;
        }

        using var scope = TensorScope.Open();
        var (chosen, logits) = step.Run(_batch.Take(cache), cache, _chooser.Choices);
        foreach (var (group, row) in _computed)
        {
            group.Logits = TensorScope.Detach(logits.Narrow(0, row, 1).Clone());
        }

        _computed.Clear();
        _chooser.HandOut(chosen, logits, accept);
    }
}
