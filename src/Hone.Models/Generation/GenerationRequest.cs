namespace Hone.Models.Generation;

/// <summary>One completion that is asked for.</summary>
/// <param name="Prompt">The tokens it continues; at least one. Requests with equal prompts share the work on
/// them.</param>
/// <param name="Options">How its tokens are chosen.</param>
/// <param name="PromptIndex">Address of the prompt, for the draws.</param>
/// <param name="SampleIndex">Address among the samples of the prompt, for the draws.</param>
public sealed record GenerationRequest(
    int[] Prompt, SamplingOptions Options, uint PromptIndex = 0, uint SampleIndex = 0)
{
    /// <summary>
    /// The adapter it is generated with, by its name on <see cref="Decoder.Adapters"/>; null for what is switched on
    /// there, <see cref="Adapters.AdapterRack.Base"/> for the base model.
    /// </summary>
    public string? Adapter { get; init; }

    /// <summary>Address of the training step, for the draws.</summary>
    public uint Step { get; init; }
}
