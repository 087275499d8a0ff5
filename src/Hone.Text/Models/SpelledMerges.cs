using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>The merges of a vocabulary that lists tokens and no merges: any two tokens that spell a third one merge to
/// it.</summary>
internal static class SpelledMerges
{
    /// <summary>Lists them; a token's rank is its id.</summary>
    public static List<Merge> Of(Vocabulary vocabulary)
    {
        List<Merge> merges = [];
        for (var id = 0; id < vocabulary.Limit; id++)
        {
            var token = vocabulary.BytesOf(id);
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (vocabulary.Find(token[..cut]) is >= 0 and var left
                    && vocabulary.Find(token[cut..]) is >= 0 and var right)
                {
                    merges.Add(new Merge(left, right, id, id));
                }
            }
        }

        return merges;
    }
}
