using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Embeddings of virtual tokens before each sequence (prompt tuning, arXiv:2104.08691).</summary>
public sealed record PromptOptions : AdapterOptions
{
    /// <summary>Virtual tokens.</summary>
    [Interval("[1, ∞)")]
    public required int VirtualTokens { get; init; }

    /// <summary>What they begin with.</summary>
    public PromptInitial Init { get; init; } = PromptInitial.Random;

    /// <summary>The text whose tokens' embeddings they begin with, for <c>init: text</c>.</summary>
    public string? Text { get; init; }

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        if (Init == PromptInitial.Text && string.IsNullOrEmpty(Text))
        {
            yield return "text: must be given with init: text, is missing";
        }

        if (Init != PromptInitial.Text && Text is not null)
        {
            yield return "text: must go with init: text, which is not chosen";
        }
    }

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) =>
        new PromptConfig { VirtualTokens = VirtualTokens, Initial = Init, Text = Text };
}
