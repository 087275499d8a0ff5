using Hone.Text.Pipeline;

namespace Hone.Text.PostProcessors;

/// <summary><c>&lt;s&gt; A &lt;/s&gt;</c>, and for a pair <c>&lt;/s&gt; B &lt;/s&gt;</c> after it; all of type
/// 0.</summary>
internal sealed class RobertaProcessor(
    (string Token, int Id) first, (string Token, int Id) separator, OffsetTrimming? trimming) : IPostProcessor
{
    /// <inheritdoc/>
    public void Process(List<TokenSequence> sequences, bool addSpecialTokens)
    {
        trimming?.Process(sequences, addSpecialTokens);
        for (var index = 0; index < sequences.Count; index++)
        {
            sequences[index].SetType(0);
            if (!addSpecialTokens)
            {
                continue;
            }

            var result = new TokenSequence();
            var opening = index == 0 ? first : separator;
            result.AddSpecial(opening.Id, opening.Token, 0);
            result.AddAll(sequences[index]);
            result.AddSpecial(separator.Id, separator.Token, 0);
            sequences[index] = result;
        }
    }
}
