using Hone.Models.Quantisation;
using Hone.Torch;

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

    /// <summary>How the linear layers but the head are kept while an adapter is trained on them (QLoRA,
    /// arXiv:2305.14314): 4 bits a weight, and a scale for each 64.</summary>
    public QuantisationChoice Quantisation { get; init; }

    /// <summary>Whether scales are kept in 8 bits too: 0.127 bits a weight in place of 0.5.</summary>
    public bool DoubleQuantisation { get; init; }

    /// <summary>How linear layers are kept in 4 bits; null where they are not.</summary>
    public FourBitOptions? ToFourBits() => Quantisation switch
    {
        QuantisationChoice.None => null,
        QuantisationChoice.Nf4 => new FourBitOptions(CodeTable.Nf4, DoubleQuantisation),
        QuantisationChoice.Fp4 => new FourBitOptions(CodeTable.Fp4, DoubleQuantisation),
        var other => throw new InvalidOperationException($"unknown quantisation {other}"),
    };

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

        if (DoubleQuantisation && Quantisation == QuantisationChoice.None)
        {
            yield return "double_quantisation: must go with quantisation, which is none";
        }
    }
}

/// <summary>What stands for the weights of linear layers.</summary>
public enum QuantisationChoice
{
    /// <summary>Numbers in the dtype of products.</summary>
    None,

    /// <summary>Codes of 16 values between which normal weights lie equally often (NormalFloat).</summary>
    Nf4,

    /// <summary>Codes of floats with a sign, two bits of exponent and one of fraction.</summary>
    Fp4,
}
