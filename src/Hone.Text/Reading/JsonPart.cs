using System.Text.Json;
using System.Text.Unicode;
using Hone.Text.Unicode;

namespace Hone.Text.Reading;

/// <summary>A part of a JSON file that knows where it stands, so that every fault names file, place and what was
/// found.</summary>
/// <param name="File">The file.</param>
/// <param name="Owner">Where the part stands that this one is in; empty at the root.</param>
/// <param name="Name">What the owner calls this part; null for an item of a list.</param>
/// <param name="Index">The item's number.</param>
/// <param name="Element">The part.</param>
internal readonly record struct JsonPart(string File, string Owner, string? Name, int Index, JsonElement Element)
{
    private const int LongestQuote = 60;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a whole file; its root must be an object.</summary>
    /// <exception cref="TokenizerException">The file cannot be read or is not JSON.</exception>
    public static JsonPart Open(string file)
    {
        var bytes = ReadAll(file);
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new TokenizerException(file, "must be UTF-8, but is not");
        }

        var text = bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
        try
        {
            if (LoneSurrogates.FindIn(text.Span) is { } broken)
            {
                throw new TokenizerException(
                    file, $"texts must be Unicode, but \"{broken}\" has half of a surrogate pair");
            }

            var document = JsonDocument.Parse(text);
            return Root(file, document.RootElement).Object();
        }
        catch (JsonException fault)
        {
            throw new TokenizerException(file, $"must be JSON, but {JsonFault.Describe(text.Span, fault)}", fault);
        }
    }

    private static ReadOnlyMemory<byte> ReadAll(string file)
    {
        try
        {
            return System.IO.File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(file, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>A whole file's content.</summary>
    public static JsonPart Root(string file, JsonElement element) => new(file, "", "", 0, element);

    /// <summary>Where the part stands, such as <c>model.merges[17]</c>; put together only when asked for, since there
    /// are many parts.</summary>
    public string Place => Name switch
    {
        null => $"{Owner}[{Index}]",
        "" => Owner,
        _ when Owner.Length == 0 => Name,
        _ => $"{Owner}.{Name}",
    };

    /// <summary>The member called <paramref name="name"/>, if it is there and not null.</summary>
    public JsonPart? Find(string name) =>
        Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var member)
            && member.ValueKind != JsonValueKind.Null
            ? new JsonPart(File, Place, name, 0, member)
            : null;

    /// <summary>The member called <paramref name="name"/>.</summary>
    public JsonPart Get(string name) => Find(name) ?? throw Fault($"must have \"{name}\", but has not");

    /// <summary>The items of this array.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("a list");
        }

        var (place, index) = (Place, 0);
        foreach (var item in Element.EnumerateArray())
        {
            yield return new JsonPart(File, place, null, index++, item);
        }
    }

    /// <summary>The members of this object, in the file's order.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Members()
    {
        var place = Place;
        foreach (var member in Object().Element.EnumerateObject())
        {
            var name = member.Name;
            yield return (name, new JsonPart(File, place, name, 0, member.Value));
        }
    }

    /// <summary>This, which must be an object.</summary>
    public JsonPart Object() => Element.ValueKind == JsonValueKind.Object ? this : throw Wrong("an object");

    /// <summary>This string.</summary>
    public string Text()
    {
        if (Element.ValueKind != JsonValueKind.String)
        {
            throw Wrong("a string");
        }

        return Element.GetString()!;
    }

    /// <summary>This whole number, from <paramref name="least"/> on.</summary>
    public int Int(int least = 0) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value) && value >= least
            ? value
            : throw Wrong($"a whole number from {least} on");

    /// <summary>This number.</summary>
    public double Double() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var value)
            ? value
            : throw Wrong("a number");

    /// <summary>This truth value.</summary>
    public bool Bool() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    /// <summary>The truth value called <paramref name="name"/>, <paramref name="otherwise"/> where it is
    /// absent.</summary>
    public bool Bool(string name, bool otherwise) => Find(name)?.Bool() ?? otherwise;

    /// <summary>The string called <paramref name="name"/>, null where it is absent.</summary>
    public string? Text(string name) => Find(name)?.Text();

    /// <summary>A fault of this part.</summary>
    public TokenizerException Fault(string problem, Exception? cause = null) => new(Where, problem, cause);

    private string Where => Place.Length == 0 ? File : $"{File}: {Place}";

    private TokenizerException Wrong(string expected) =>
        Fault($"must be {expected}, got {Quote(Element.GetRawText())}");

    private static string Quote(string text) => text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
}
