using System.Text.Json;
using System.Text.RegularExpressions;
using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat;

/// <summary>What rendering finds to be trained, against the blocks <c>generation</c> that others put into the templates
/// of published models.</summary>
public sealed partial class RealTemplateMaskTests
{
    // What ends a conversation differs there from what ends a turn, or the next turn's mark belongs to the prompt.
    private static readonly string[] OtherEnds =
        ["gptoss_training", "phi3_training", "phi3_5_training", "diffusion_gemma_training"];

    private static readonly string Folder = Fixtures.Real("chat_templates");

    [Fact]
    public void Rendering_finds_what_the_blocks_of_published_templates_hold()
    {
        var compared = 0;
        Expect.None(Pairs().Where(pair => !OtherEnds.Contains(pair.Name)).Select(pair =>
        {
            compared++;
            var blocks = pair.Template.RenderWithSpans(pair.Messages, pair.Inputs);
            var found = Compile(Blocks().Replace(pair.Source, IfTrue)).RenderParts(pair.Messages, pair.Inputs)[0];
            var trained = string.Concat(Trained(blocks));
            return found.Text == blocks.Text && found.TrainedSpans.Count > 0 && Trained(found).All(trained.Contains)
                ? ""
                : $"{pair.Name}: {string.Join('¦', Trained(found))} in {trained}";
        }).Where(problem => problem.Length > 0));
        Assert.True(compared >= 60, $"{compared}");
    }

    [Fact]
    public void The_blocks_of_published_templates_hold_every_turn_and_no_other() =>
        Expect.None(
            from pair in Pairs()
            let doubt = pair.Template.RenderWithSpans(pair.Messages, pair.Inputs).Doubt
            where doubt is not null
            select $"{pair.Name}: {doubt}");

    private static IEnumerable<string> Trained(RenderedConversation rendered) =>
        rendered.TrainedSpans.Select(span => rendered.Text[span].TrimEnd());

    /// <summary>The templates with blocks and the conversations that they show.</summary>
    private static IEnumerable<Pair> Pairs() =>
        from file in Directory.EnumerateFiles(Folder, "*.jinja", SearchOption.AllDirectories)
        let source = File.ReadAllText(file)
        where Blocks().IsMatch(source)
        let template = Compile(source)
        from conversation in Fixtures.Whole(Path.Combine(Folder, "conversations.json")).GetProperty("conversations")
            .EnumerateArray()
        let pair = new Pair(
            Path.GetFileNameWithoutExtension(file),
            source,
            template,
            [.. conversation.GetProperty("messages").EnumerateArray().Select(Turn)],
            new ConversationInputs { Tools = conversation.TryGetProperty("tools", out var tools) ? tools : null })
        where pair.Messages.Any(message => message.IsAssistant) && pair.IsShown
        select pair;

    private static Message Turn(JsonElement turn) => new(
        turn.GetProperty("role").GetString()!,
        turn.GetProperty("content") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "")
    {
        Fields = turn,
    };

    private static JinjaChatTemplate Compile(string source)
    {
        var template = JinjaTemplate.Compile(source, "template");
        return new JinjaChatTemplate(template, template, Toy.Chat(), Jinja.Noon.Clock);
    }

    private static string IfTrue(Match block) =>
        $"{{%{block.Groups[1]} {(block.Groups[2].Value == "generation" ? "if true" : "endif")} {block.Groups[3]}%}}";

    [GeneratedRegex("{%([-+]?) *(generation|endgeneration) *([-+]?)%}")]
    private static partial Regex Blocks();

    private sealed record Pair(
        string Name, string Source, JinjaChatTemplate Template, Message[] Messages, ConversationInputs Inputs)
    {
        public bool IsShown
        {
            get
            {
                try
                {
                    return Template.Render(Messages, addGenerationPrompt: false, Inputs).Length > 0;
                }
                catch (TokenizerException)
                {
                    return false;
                }
            }
        }
    }
}
