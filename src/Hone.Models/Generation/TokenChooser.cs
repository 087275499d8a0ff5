using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Collects the completions that want a token from a set of logits, and gives each its own.</summary>
/// <remarks>
/// Most options are a kernel's work; the few that look at phrases or at the entropy are <see cref="TokenSampler"/>'s.
/// Which of the two chooses depends on the options alone, so that the schedule cannot change a token.
/// </remarks>
/// <param name="vocabularySize">Length of a row.</param>
internal sealed class TokenChooser(int vocabularySize)
{
    private readonly List<(RunningCompletion Completion, int Ahead)> _byKernel = [];
    private readonly List<(RunningCompletion Completion, int Ahead, int Row)> _bySampler = [];
    private TokenSampler? _sampler;

    /// <summary>What the kernel is to choose.</summary>
    public TokenChoices Choices { get; } = new();

    /// <summary>Asks for a completion's next token, or for one that may come after it.</summary>
    /// <param name="completion">The completion.</param>
    /// <param name="row">The row of logits that predicts it.</param>
    /// <param name="ahead">How many tokens of the completion's draft come before it.</param>
    public void Add(RunningCompletion completion, int row, int ahead)
    {
        if (completion.Options.IsForKernel)
        {
            completion.AddTo(Choices, row, ahead);
            _byKernel.Add((completion, ahead));
        }
        else
        {
            _bySampler.Add((completion, ahead, row));
        }
    }

    /// <summary>Chooses what was asked for and hands it out.</summary>
    /// <param name="logits">The logits, <c>[row, vocab]</c>; not read where nobody asks.</param>
    /// <param name="accept">Takes each token.</param>
    /// <exception cref="CheckpointException">The logits are not numbers, or a completion's options ban all
    /// tokens.</exception>
    public void Choose(Tensor logits, Action<RunningCompletion, SampledToken> accept)
    {
        if (_byKernel.Count + _bySampler.Count > 0)
        {
            using var scope = TensorScope.Open();
            HandOut(Fused.Sample(logits, Choices), logits, accept);
        }
    }

    /// <summary>Hands out what was chosen, where drafts were right up to there, and forgets who asked.</summary>
    /// <param name="chosen">What the kernel chose.</param>
    /// <param name="logits">The logits, <c>[row, vocab]</c>.</param>
    /// <param name="accept">Takes each token.</param>
    /// <exception cref="CheckpointException">The logits are not numbers, or a completion's options ban all
    /// tokens.</exception>
    public void HandOut(ChosenTokens chosen, Tensor logits, Action<RunningCompletion, SampledToken> accept)
    {
        var ids = chosen.Ids.AsSpan<long>();
        var logProbs = chosen.LogProbs.AsSpan<float>();
        for (var i = 0; i < _byKernel.Count; i++)
        {
            var (completion, ahead) = _byKernel[i];
            if (!completion.Wants(ahead))
            {
                continue;
            }

            accept(completion, ids[i] switch
            {
                ChosenTokens.NotFinite => throw TokenSampler.NotFinite(),
                ChosenTokens.AllBanned => throw TokenSampler.AllBanned(),
                _ => new SampledToken((int)ids[i], logProbs[i]),
            });
        }

        foreach (var (completion, ahead, row) in _bySampler)
        {
            if (!completion.Wants(ahead))
            {
                continue;
            }

            using var scope = TensorScope.Open();
            _sampler ??= new TokenSampler(vocabularySize);
            var numbers = logits.Select(0, row).To(DType.Float32).Contiguous().AsSpan<float>();
            accept(completion, completion.Sample(_sampler, numbers));
        }

        _byKernel.Clear();
        _bySampler.Clear();
        Choices.Clear();
    }
}
