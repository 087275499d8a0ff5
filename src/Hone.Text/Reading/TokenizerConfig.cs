using System.Globalization;
using System.Text.Json;
using Hone.Text.Pipeline;

namespace Hone.Text.Reading;

/// <summary><c>tokenizer_config.json</c> and, which beats it, <c>special_tokens_map.json</c>, as far as they are
/// there.</summary>
internal sealed class TokenizerConfig
{
    private static readonly string[] Roles =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    // Classes whose batches are filled up at the left unless the file says otherwise.
    private static readonly string[] LeftFilled = ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer"];

    private readonly JsonPart[] _files;

    private TokenizerConfig(JsonPart[] files) => _files = files;

    /// <summary>The tokens with a role, and other special ones.</summary>
    public required SpecialTokens Special { get; init; }

    /// <summary>What else is said.</summary>
    public required TokenizerSettings Settings { get; init; }

    /// <summary>Whether special tokens that stand in a text are ordinary text.</summary>
    public bool SplitsSpecialTokens { get; private init; }

    /// <summary>Whether a blank is put before each text, where that is said.</summary>
    public bool? AddsPrefixSpace { get; private init; }

    /// <summary>Reads the files of a folder.</summary>
    public static TokenizerConfig Read(string folder)
    {
        string[] paths =
        [
            Path.Combine(folder, "special_tokens_map.json"),
            Path.Combine(folder, "tokenizer_config.json"),
        ];
        var files = Array.ConvertAll(Array.FindAll(paths, File.Exists), JsonPart.Open);
        var tokens = Roles.ToDictionary(role => role, role => First(files, role) is { } part ? TextOf(part) : null);
        return new TokenizerConfig(files)
        {
            Special = new SpecialTokens
            {
                Bos = tokens["bos_token"],
                Eos = tokens["eos_token"],
                Unknown = tokens["unk_token"],
                Separator = tokens["sep_token"],
                Pad = tokens["pad_token"],
                Classifier = tokens["cls_token"],
                Mask = tokens["mask_token"],
                Others = [.. Others(files).Select(TextOf)],
            },
            Settings = new TokenizerSettings
            {
                ModelMaxLength =
                    First(files, "model_max_length")?.Double() is { } most and <= int.MaxValue ? (int)most : null,
                PaddingSide = Side(files, "padding_side") ?? UsualSide(files),
                TruncationSide = Side(files, "truncation_side") ?? TextSide.Right,
                CleansUpSpaces = First(files, "clean_up_tokenization_spaces")?.Bool() ?? false,
            },
            SplitsSpecialTokens = First(files, "split_special_tokens")?.Bool() ?? false,
            AddsPrefixSpace = First(files, "add_prefix_space")?.Bool(),
        };
    }

    /// <summary>The added tokens of <c>tokenizer.json</c> with what these files add to them: tokens that are new get
    /// the next ids.</summary>
    public List<AddedToken> Complete(IReadOnlyList<AddedToken> known, Vocabulary vocabulary)
    {
        List<AddedToken> tokens = [.. known];
        foreach (var token in Decoder().Concat(Named()))
        {
            var place = tokens.FindIndex(other => other.Content == token.Content);
            if (place >= 0)
            {
                tokens[place] = token.Id >= 0 ? token with { Id = tokens[place].Id } : tokens[place];
            }
            else if (token.Content.Length > 0)
            {
                var id = vocabulary.Find(token.Content);
                tokens.Add(token with { Id = id >= 0 ? id : NextId(tokens, vocabulary) });
            }
        }

        return tokens;
    }

    private static int NextId(List<AddedToken> tokens, Vocabulary vocabulary) =>
        Math.Max(vocabulary.Count, tokens.Select(token => token.Id + 1).DefaultIfEmpty().Max());

    // The ids themselves do not count: a token that is not there yet gets the next one.
    private IEnumerable<AddedToken> Decoder() => First(_files, "added_tokens_decoder") is { } list
        ? list.Members().OrderBy(member => Order(member.Name)).Select(member => TokenOf(member.Value, 0))
        : [];

    private static long Order(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    private IEnumerable<AddedToken> Named()
    {
        foreach (var role in Roles)
        {
            if (First(_files, role) is { } part)
            {
                yield return Special(part);
            }
        }

        foreach (var part in Others(_files))
        {
            yield return Special(part);
        }

        static AddedToken Special(JsonPart part) => part.Element.ValueKind == JsonValueKind.Object
            ? TokenOf(part, -1) with { IsSpecial = true }
            : new AddedToken(-1, part.Text(), IsSpecial: true);
    }

    private static AddedToken TokenOf(JsonPart part, int id) => new(id, TextOf(part), part.Bool("special", false))
    {
        SingleWord = part.Bool("single_word", false),
        StripsLeft = part.Bool("lstrip", false),
        StripsRight = part.Bool("rstrip", false),
        IsNormalized = part.Bool("normalized", !part.Bool("special", false)),
    };

    private static IEnumerable<JsonPart> Others(JsonPart[] files)
    {
        foreach (var name in new[] { "additional_special_tokens", "extra_special_tokens" })
        {
            if (First(files, name) is { } part)
            {
                foreach (var item in part.Element.ValueKind == JsonValueKind.Object
                    ? part.Members().Select(member => member.Value)
                    : part.Items())
                {
                    yield return item;
                }
            }
        }
    }

    private static TextSide? Side(JsonPart[] files, string name) => First(files, name) is not { } part
        ? null
        : part.Text() switch
        {
            "left" => TextSide.Left,
            "right" => TextSide.Right,
            var other => throw part.Fault($"must be left or right, got {other}"),
        };

    private static TextSide UsualSide(JsonPart[] files)
    {
        var name = First(files, "tokenizer_class")?.Text() ?? "";
        return LeftFilled.Contains(name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^"Fast".Length] : name)
            ? TextSide.Left
            : TextSide.Right;
    }

    private static JsonPart? First(JsonPart[] files, string name)
    {
        foreach (var file in files)
        {
            if (file.Find(name) is { } part)
            {
                return part;
            }
        }

        return null;
    }

    private static string TextOf(JsonPart part) =>
        part.Element.ValueKind == JsonValueKind.Object ? part.Get("content").Text() : part.Text();
}
