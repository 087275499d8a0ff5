using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Tokenizers that a record spells out whole: post-processors and added tokens.</summary>
public sealed class ToyTokenizerCheck : ICheck
{
    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds => ["components/post_processors*", "options/added_tokens"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var tokenizer = LoadedTokenizers.Of(golden.Record["tokenizer"].Json.GetRawText());
        if (golden.Record.FlagOr("encode_special_tokens", false))
        {
            tokenizer = tokenizer.WithSpecialTokensAsText();
        }

        foreach (var item in golden.Record["cases"].Items)
        {
            EncodedCase.Compare(tokenizer, item, findings);
        }
    }
}
