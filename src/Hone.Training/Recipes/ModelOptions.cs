namespace Hone.Training.Recipes;

/// <summary>The model to train.</summary>
public sealed record ModelOptions
{
    /// <summary>The folder of a model in Hugging Face's layout, whose weights the run begins with, or a model of the
    /// hub: <c>org/name</c>, perhaps with <c>@revision</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The sizes of a new model, whose weights are drawn; <c>tokenizer</c> must then be given.</summary>
    public NewModelOptions? Config { get; init; }

    /// <summary>The folder or file of the tokenizer, or <c>org/name</c> of the hub; by default that of
    /// <c>path</c>.</summary>
    [FilePath]
    public string? Tokenizer { get; init; }

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        switch (this)
        {
            case { Path: null, Config: null }:
                yield return "path: must be given (or config, for a new model), is missing";
                break;
            case { Path: not null, Config: not null }:
                yield return "config: must not be given beside path; a model is either loaded or new";
                break;
            case { Config: not null, Tokenizer: null }:
                yield return "tokenizer: must be given for a new model, is missing";
                break;
        }
    }
}
