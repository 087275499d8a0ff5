namespace Hone.Text.Reading;

/// <summary>Reads <c>truncation</c> and <c>padding</c> of <c>tokenizer.json</c>.</summary>
internal static class LimitsReader
{
    /// <summary>How the file says that texts are cut; null where it does not.</summary>
    public static Truncation? Truncation(JsonPart root) => root.Find("truncation") is { } part
        ? new Truncation(part.Get("max_length").Int())
        {
            Stride = part.Find("stride")?.Int() ?? 0,
            Side = Side(part),
            Strategy = part.Text("strategy") switch
            {
                null or "LongestFirst" or "longest_first" => TruncationStrategy.LongestFirst,
                "OnlyFirst" or "only_first" => TruncationStrategy.OnlyFirst,
                "OnlySecond" or "only_second" => TruncationStrategy.OnlySecond,
                var other => throw part.Get("strategy").Fault(
                    $"must be LongestFirst, OnlyFirst or OnlySecond, got {other}"),
            },
        }
        : null;

    /// <summary>How the file says that texts are filled up; null where it does not.</summary>
    public static Padding? Padding(JsonPart root) => root.Find("padding") is { } part
        ? new Padding(part.Find("pad_id")?.Int() ?? 0, part.Text("pad_token") ?? "[PAD]")
        {
            Length = part.Find("strategy") is { } strategy && strategy.Find("Fixed") is { } size ? size.Int() : null,
            MultipleOf = part.Find("pad_to_multiple_of")?.Int(),
            TypeId = part.Find("pad_type_id")?.Int() ?? 0,
            Side = Side(part),
        }
        : null;

    private static TextSide Side(JsonPart part) => part.Text("direction") switch
    {
        null or "Right" or "right" => TextSide.Right,
        "Left" or "left" => TextSide.Left,
        var other => throw part.Get("direction").Fault($"must be Right or Left, got {other}"),
    };
}
