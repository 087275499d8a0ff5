using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Requests with the same prompt and adapters: it is computed once, and each completion starts from a fork of
/// its pages.</summary>
/// <param name="prompt">The tokens.</param>
/// <param name="row">The pages that the prompt goes to.</param>
/// <param name="adapters">The adapters that it is computed with.</param>
internal sealed class PromptGroup(int[] prompt, CacheRow row, AdapterCombination adapters)
{
    /// <summary>The adapters that it is computed with.</summary>
    public AdapterCombination Adapters => adapters;

    /// <summary>Tokens of the prompt that are computed.</summary>
    public int Computed => Math.Max(0, Row.Length - adapters.VirtualTokens);

    /// <summary>The tokens.</summary>
    public int[] Prompt { get; } = prompt;

    /// <summary>The pages that hold the prompt.</summary>
    public CacheRow Row { get; } = row;

    /// <summary>Requests that have not started, and their places in the list.</summary>
    public List<(int Index, GenerationRequest Request)> Waiting { get; } = [];

    /// <summary>The logits after the prompt, <c>[1, vocab]</c>; null until it is computed. This object owns
    /// them.</summary>
    public Tensor? Logits { get; set; }

    /// <summary>Pages that more tokens of the prompt need.</summary>
    public int PagesFor(int count) => Row.PagesFor(count + (Row.Length == 0 ? adapters.VirtualTokens : 0));

    /// <summary>Lets go of pages and logits; the prompt is to be computed again.</summary>
    public void Forget()
    {
        Row.Clear();
        Logits?.Dispose();
        Logits = null;
    }
}
