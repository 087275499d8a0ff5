using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>A small set of weights that is trained while those of the model stay as they are. Checkpoints hold it
/// alone, and <c>final/</c> is its folder.</summary>
public abstract record AdapterOptions
{
    private protected AdapterOptions()
    {
    }

    /// <summary>What it is.</summary>
    /// <param name="model">The model that it is for.</param>
    /// <param name="updates">Updates of the run.</param>
    internal abstract AdapterConfig ToConfig(DecoderConfig model, int updates);

    /// <summary>What is wrong with a regular expression that stands under a key; nothing when it is one.</summary>
    private protected static IEnumerable<string> PatternProblems(string key, params IEnumerable<string?> patterns)
    {
        foreach (var pattern in patterns.OfType<string>())
        {
            string? fault = null;
            try
            {
                _ = new System.Text.RegularExpressions.Regex(pattern);
            }
            catch (System.Text.RegularExpressions.RegexParseException error)
            {
                fault = $"{key}: must be a regular expression: {error.Message}";
            }

            if (fault is not null)
            {
                yield return fault;
            }
        }
    }
}
