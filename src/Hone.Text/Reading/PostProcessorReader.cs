using Hone.Text.Pipeline;
using Hone.Text.PostProcessors;

namespace Hone.Text.Reading;

/// <summary>Reads the post-processor of <c>tokenizer.json</c>.</summary>
internal static class PostProcessorReader
{
    /// <summary>Reads a post-processor with all its parts.</summary>
    public static IPostProcessor Read(JsonPart part) => part.Get("type").Text() switch
    {
        "Sequence" => new PostProcessorSequence([.. part.Get("processors").Items().Select(Read)]),
        "ByteLevel" => part.Bool("trim_offsets", true)
            ? new OffsetTrimming(part.Bool("add_prefix_space", true))
            : new PostProcessorSequence([]),
        "TemplateProcessing" => ReadTemplate(part),
        "BertProcessing" => new BertProcessor(ReadPair(part.Get("cls")), ReadPair(part.Get("sep"))),
        "RobertaProcessing" => new RobertaProcessor(
            ReadPair(part.Get("cls")),
            ReadPair(part.Get("sep")),
            part.Bool("trim_offsets", true) ? new OffsetTrimming(part.Bool("add_prefix_space", true)) : null),
        var other => throw part.Fault($"is of the type {other}, which is not known"),
    };

    private static TemplateProcessor ReadTemplate(JsonPart part)
    {
        Dictionary<string, SpecialToken> special = new(StringComparer.Ordinal);
        if (part.Find("special_tokens") is { } tokens)
        {
            foreach (var (name, value) in tokens.Members())
            {
                var token = new SpecialToken(
                    [.. value.Get("ids").Items().Select(id => id.Int())],
                    [.. value.Get("tokens").Items().Select(token => token.Text())]);
                if (token.Ids.Count != token.Tokens.Count)
                {
                    throw value.Fault(
                        $"must have as many ids as tokens, got {token.Ids.Count} and {token.Tokens.Count}");
                }

                special[name] = token;
            }
        }

        return new TemplateProcessor(
            [.. part.Get("single").Items().Select(item => ReadPart(item, special))],
            [.. part.Get("pair").Items().Select(item => ReadPart(item, special))]);
    }

    private static TemplatePart ReadPart(JsonPart item, Dictionary<string, SpecialToken> special)
    {
        if (item.Find("SpecialToken") is { } token)
        {
            var name = token.Get("id").Text();
            return special.TryGetValue(name, out var found)
                ? new TemplatePart(found, 0, token.Get("type_id").Int())
                : throw token.Fault($"names \"{name}\", which special_tokens does not have");
        }

        var sequence = item.Get("Sequence");
        return new TemplatePart(null, sequence.Get("id").Text() == "B" ? 1 : 0, sequence.Get("type_id").Int());
    }

    private static (string Token, int Id) ReadPair(JsonPart part)
    {
        JsonPart[] items = [.. part.Items()];
        return items is [var token, var id]
            ? (token.Text(), id.Int())
            : throw part.Fault($"must be a token and its id, got {items.Length} items");
    }
}
