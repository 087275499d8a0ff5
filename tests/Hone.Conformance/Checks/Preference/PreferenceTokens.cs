using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Text;

namespace Hone.Conformance.Checks.Preference;

/// <summary>Rows of preferences as tokens: prompt, and what each answer adds to it.</summary>
internal static class PreferenceTokens
{
    /// <summary>Compares the rows of a record.</summary>
    /// <remarks>A limit drops pairs whose prompt alone reaches it here; answers are cut later, when batches are
    /// made.</remarks>
    public static void Compare(GoldenCase golden, IEnumerable<Row> rows, Findings findings)
    {
        var limit = golden.Options.NumberOr("max_length", int.MaxValue);
        var tokenizer = Tokenizer.Load(golden.Folders.Fixture(golden.Options["tokenizer"].Text));
        var encoder = new PreferenceEncoder(
            tokenizer, RecordedTemplate.Of(golden, tokenizer), new EncodingOptions { MaxLength = int.MaxValue });
        var pairs = rows.Select(encoder.Encode).Where(pair => PromptOf(pair) < limit).ToList();
        var expected = golden.Expected["exact"];
        PackingCheck.Compare(
            findings, expected["prompt_ids"], [.. pairs.Select(pair => pair.Chosen.Tokens[..PromptOf(pair)])]);
        PackingCheck.Compare(
            findings, expected["chosen_ids"], [.. pairs.Select(pair => pair.Chosen.Tokens[PromptOf(pair)..])]);
        PackingCheck.Compare(
            findings, expected["rejected_ids"], [.. pairs.Select(pair => pair.Rejected.Tokens[PromptOf(pair)..])]);
    }

    private static int PromptOf(PreferenceExample pair) => Array.IndexOf(pair.Chosen.Trained, true);
}
