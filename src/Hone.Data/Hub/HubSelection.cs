namespace Hone.Data.Hub;

/// <summary>Which files of a repository are wanted.</summary>
internal static class HubSelection
{
    private static readonly string[] TokenizerFiles =
    [
        "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "vocab.txt", "merges.txt", "chat_template.jinja", "chat_template.json",
    ];

    private static readonly string[] ModelFiles =
    [
        "config.json", "generation_config.json", "adapter_config.json", "quantize_config.json", "modules.json",
        "sentence_bert_config.json", "config_sentence_transformers.json",
    ];

    /// <summary>What a tokenizer is made of.</summary>
    public static IReadOnlyList<string> Tokenizer(HubName name, HubListing listing)
    {
        var found = listing.Files.Where(IsTokenizer).ToList();
        return found.Contains("tokenizer.json") || found.Contains("tokenizer.model")
            ? found
            : throw new HubException(
                $"{name}: must have a tokenizer.json or a tokenizer.model, has {Some(listing.Files)}");
    }

    /// <summary>What a model, an adapter or a text encoder is made of: configuration, tokenizer, template, and weights
    /// as safetensors; pickled ones are never taken.</summary>
    public static IReadOnlyList<string> Model(HubName name, HubListing listing)
    {
        var files = listing.Files;
        var weights = Weights(files);
        var parts = files.Contains("modules.json")
            ? files.Where(file => file.Split('/') is [[>= '0' and <= '9', ..], "config.json" or "model.safetensors"])
            : [];
        return weights is [_, ..]
            ?
            [
                .. files.Where(file => ModelFiles.Contains(file) || IsTokenizer(file))
                    .Concat(weights)
                    .Concat(parts)
                    .Distinct(),
            ]
            : throw new HubException(WithoutWeights(name, files));
    }

    /// <summary>The files that fit a pattern, or lie below a folder, of that name.</summary>
    public static IReadOnlyList<string> Named(HubName name, HubListing listing, string pattern)
    {
        var matches = GlobPattern.ByFolder(pattern);
        var found = listing.Files.Where(file => matches(file)).ToList();
        return found is [_, ..]
            ? found
            : throw new HubException($"{name}: the repository must have {pattern}, has {Some(listing.Files)}");
    }

    /// <summary>The files that fit one of some patterns and none of others.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="listing">Its files.</param>
    /// <param name="include">Patterns of what is wanted; none for everything.</param>
    /// <param name="exclude">Patterns of what is not.</param>
    public static IReadOnlyList<string> Matching(
        HubName name, HubListing listing, IReadOnlyList<string> include, IReadOnlyList<string> exclude)
    {
        var wanted = include.Select(GlobPattern.Anywhere).ToList();
        var unwanted = exclude.Select(GlobPattern.Anywhere).ToList();
        var found = listing.Files
            .Where(file => wanted is [] || wanted.Any(matches => matches(file)))
            .Where(file => !unwanted.Any(matches => matches(file)))
            .ToList();
        return found is [_, ..]
            ? found
            : throw new HubException($"{name}: --include and --exclude must leave files, leave none of "
                + $"{Some(listing.Files)}");
    }

    /// <summary>The first few of some files, for messages.</summary>
    public static string Some(IReadOnlyList<string> files) => files.Count switch
    {
        0 => "no files",
        <= 8 => string.Join(", ", files),
        var count => $"{string.Join(", ", files.Take(8))} and {count - 8} more",
    };

    private static bool IsTokenizer(string file) =>
        TokenizerFiles.Contains(file)
        || (file.StartsWith("additional_chat_templates/", StringComparison.Ordinal)
            && file.EndsWith(".jinja", StringComparison.Ordinal));

    private static List<string> Weights(IReadOnlyList<string> files)
    {
        var tensors = files
            .Where(file => !file.Contains('/') && file.EndsWith(".safetensors", StringComparison.Ordinal))
            .ToList();
        var adapter = tensors.Where(file => file == "adapter_model.safetensors");
        if (tensors.Contains("model.safetensors"))
        {
            return ["model.safetensors", .. adapter];
        }

        if (files.Contains("model.safetensors.index.json"))
        {
            var shard = GlobPattern.ByFolder("model-*-of-*.safetensors");
            var shards = tensors.Where(file => shard(file)).ToList();
            return ["model.safetensors.index.json", .. shards is [] ? tensors : shards, .. adapter];
        }

        return [.. adapter];
    }

    private static string WithoutWeights(HubName name, IReadOnlyList<string> files)
    {
        var ggufs = files.Where(file => file.EndsWith(".gguf", StringComparison.Ordinal)).ToList();
        var isPickled = files.Any(file =>
            file.EndsWith(".bin", StringComparison.Ordinal) || file.EndsWith(".pt", StringComparison.Ordinal)
            || file.EndsWith(".pth", StringComparison.Ordinal));
        return (ggufs, isPickled) switch
        {
            ([var first, ..], _) => $"{name}: one of the GGUF files must be named, such as {name}:{first}; there are "
                + $"{Some(ggufs)}",
            (_, true) =>
                $"{name}: weights must be safetensors, these are pickled; pickles can run code and are refused: look "
                + $"for a converted revision ({name.Id}@refs/pr/N), or convert them to safetensors",
            _ => $"{name}: must have model.safetensors, model.safetensors.index.json or adapter_model.safetensors, "
                + $"has {Some(files)}",
        };
    }
}
