using Hone.Models;
using Hone.Text;

namespace Hone.Cli.Generating;

/// <summary>What a model is asked to continue.</summary>
/// <param name="Text">As text.</param>
/// <param name="Tokens">As tokens.</param>
/// <param name="IsConversation">Whether it is a conversation in a template, of which only the answer is shown.</param>
internal sealed record Prompt(string Text, int[] Tokens, bool IsConversation)
{
    /// <summary>Raw text, encoded as the tokenizer does by itself. Where that is nothing, the token that begins a text
    /// stands for it.</summary>
    /// <exception cref="CheckpointException">There is no token to begin with.</exception>
    public static Prompt OfText(Tokenizer tokenizer, string text) => new(
        text,
        (tokenizer.EncodeIds(text), tokenizer.BosId) switch
        {
            ([_, ..] ids, _) => ids,
            (_, { } first) => [first],
            _ =>
                throw new CheckpointException(
                    "prompt: must not be empty for a model whose tokenizer names no bos_token; write a word"),
        },
        IsConversation: false);

    /// <summary>A conversation whose last turn goes on, laid out by a template up to where that breaks off.</summary>
    /// <exception cref="TokenizerException">The last turn is not the assistant's, or not shown.</exception>
    public static Prompt OfUnfinished(
        Tokenizer tokenizer, IChatTemplate template, IReadOnlyList<Message> messages, ConversationInputs? inputs = null)
    {
        if (messages is not [.., { IsAssistant: true }])
        {
            throw new TokenizerException(
                "--continue", $"the last turn must be the assistant's, to go on from there, got {messages[^1].Role}");
        }

        var text = template.RenderUnfinished(messages, inputs);
        return new Prompt(text, tokenizer.EncodeIds(text, addSpecialTokens: false), IsConversation: true);
    }

    /// <summary>A conversation, laid out by a template up to where the assistant begins.</summary>
    public static Prompt OfMessages(
        Tokenizer tokenizer, IChatTemplate template, IReadOnlyList<Message> messages, ConversationInputs? inputs = null)
    {
        var text = template.Render(messages, addGenerationPrompt: true, inputs);
        return new Prompt(text, tokenizer.EncodeIds(text, addSpecialTokens: false), IsConversation: true);
    }
}
