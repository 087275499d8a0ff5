using System.Text;

namespace Hone.Text.Reading;

/// <summary>Reads vocabularies and checks their ids.</summary>
internal static class VocabularyReader
{
    // Tables are as long as the largest id, so that a wild one in a small file must not size them.
    private const int FreeIds = 1 << 18;

    /// <summary>Reads an object of tokens and their ids.</summary>
    public static List<(byte[] Token, int Id)> Read(JsonPart part)
    {
        var count = part.Object().Element.GetPropertyCount();
        var entries = new List<(byte[] Token, int Id)>(count);
        foreach (var (name, value) in part.Members())
        {
            entries.Add((Encoding.UTF8.GetBytes(name), value.Int()));
            CheckId(value, entries[^1].Id, count);
        }

        return entries;
    }

    /// <summary>Refuses an id far beyond the number of tokens.</summary>
    public static void CheckId(JsonPart place, int id, int tokens)
    {
        if (!IsNear(id, tokens))
        {
            throw place.Fault(Problem(id, tokens));
        }
    }

    /// <summary>Refuses an id far beyond the number of tokens.</summary>
    public static void CheckId(string place, int id, int tokens)
    {
        if (!IsNear(id, tokens))
        {
            throw new TokenizerException(place, Problem(id, tokens));
        }
    }

    private static bool IsNear(int id, int tokens) => id <= FreeIds + (tokens * 4L);

    private static string Problem(int id, int tokens) =>
        $"must be near the number of tokens, which is {tokens}, got {id}";
}
