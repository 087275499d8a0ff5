using Hone.Text.Pipeline;

namespace Hone.Text.PostProcessors;

/// <summary>Lays texts and special tokens out as a template says.</summary>
internal sealed class TemplateProcessor(
    IReadOnlyList<TemplatePart> single, IReadOnlyList<TemplatePart> pair) : IPostProcessor
{
    /// <inheritdoc/>
    public void Process(List<TokenSequence> sequences, bool addSpecialTokens)
    {
        var result = new TokenSequence();
        foreach (var part in sequences.Count == 2 ? pair : single)
        {
            if (part.Special is null)
            {
                var sequence = sequences[Math.Min(part.Sequence, sequences.Count - 1)];
                sequence.SetType(part.TypeId);
                result.AddAll(sequence);
            }
            else if (addSpecialTokens)
            {
                for (var index = 0; index < part.Special.Ids.Count; index++)
                {
                    result.AddSpecial(part.Special.Ids[index], part.Special.Tokens[index], part.TypeId);
                }
            }
        }

        sequences.Clear();
        sequences.Add(result);
    }
}

/// <summary>A part of a template: a special token, or else the text number <paramref name="Sequence"/>.</summary>
internal sealed record TemplatePart(SpecialToken? Special, int Sequence, int TypeId);
