using Hone.Models;
using Hone.Models.Generation;
using Hone.Text;

namespace Hone.Evaluation;

/// <summary>Lets a model answer many prompts.</summary>
/// <param name="decoder">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="sampling">How its answers are chosen, stop tokens included.</param>
public sealed class AnswerSampler(Decoder decoder, Tokenizer tokenizer, SamplingOptions sampling)
{
    private readonly GenerationEngine _engine =
        new(decoder, new EngineOptions(), () => tokenizer.OpenStream(skipSpecialTokens: false).Append);

    /// <summary>Answers each prompt.</summary>
    /// <param name="prompts">Raw texts.</param>
    /// <param name="samples">Answers to each; one is enough where the likeliest tokens are taken.</param>
    /// <param name="cancel">Calls it off.</param>
    /// <returns>The answers to each prompt, <c>[prompt][sample]</c>.</returns>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    public IReadOnlyList<IReadOnlyList<SampledAnswer>> Answer(
        IReadOnlyList<string> prompts, int samples, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        GenerationRequest[] requests =
        [
            .. from prompt in prompts.Index()
               let tokens = tokenizer.EncodeIds(prompt.Item)
               from sample in Enumerable.Range(0, samples)
               select new GenerationRequest(tokens, sampling, (uint)prompt.Index, (uint)sample),
        ];
        var completions = _engine.Run(requests, events: null, cancel);
        cancel.ThrowIfCancellationRequested();
        return [.. completions.Select(Read).Chunk(samples)];
    }

    private SampledAnswer Read(Completion completion) => new(
        tokenizer.Decode(completion.Tokens, skipSpecialTokens: true), completion.Tokens, completion.LogProbs,
        completion.Reason == FinishReason.Stop);
}
