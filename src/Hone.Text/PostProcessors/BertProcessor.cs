using Hone.Text.Pipeline;

namespace Hone.Text.PostProcessors;

/// <summary><c>[CLS] A [SEP]</c>, and for a pair <c>B [SEP]</c> of type 1 after it.</summary>
internal sealed class BertProcessor((string Token, int Id) first, (string Token, int Id) separator) : IPostProcessor
{
    /// <inheritdoc/>
    public void Process(List<TokenSequence> sequences, bool addSpecialTokens)
    {
        for (var index = 0; addSpecialTokens && index < sequences.Count; index++)
        {
            var result = new TokenSequence();
            if (index == 0)
            {
                result.AddSpecial(first.Id, first.Token, 0);
            }

            result.AddAll(sequences[index]);
            result.AddSpecial(separator.Id, separator.Token, index);
            sequences[index] = result;
        }
    }
}
