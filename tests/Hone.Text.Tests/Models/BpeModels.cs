using System.Text;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

/// <summary>Models of a few tokens and merges.</summary>
internal static class BpeModels
{
    /// <summary>A model whose ids are the places of its tokens, and whose ranks those of its merges.</summary>
    public static BpeModel Of(string[] tokens, (string Left, string Right)[] merges, BpeOptions options)
    {
        var vocabulary = new Vocabulary([.. tokens.Select((token, id) => (Encoding.UTF8.GetBytes(token), id))]);
        return new BpeModel(
            vocabulary,
            vocabulary,
            [.. merges.Select((merge, rank) => new Merge(
                vocabulary.Find(merge.Left), vocabulary.Find(merge.Right), vocabulary.Find(merge.Left + merge.Right),
                rank))],
            options);
    }
}
