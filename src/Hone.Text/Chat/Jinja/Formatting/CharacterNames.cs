using System.Globalization;
using Hone.Text.Unicode;

namespace Hone.Text.Chat.Jinja;

/// <summary>Characters by their Unicode names: those of letters, marks and symbols that are written by name at
/// all.</summary>
internal static class CharacterNames
{
    private static readonly Lazy<Dictionary<string, int>> Names = new(() => UnicodeData
        .Lines("character_names.txt")
        .ToDictionary(
            fields => string.Join(' ', fields.Skip(1)),
            fields => int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            StringComparer.OrdinalIgnoreCase));

    /// <summary>The character of a name; null for a name that is not known.</summary>
    public static int? Find(ReadOnlySpan<char> name) =>
        Names.Value.TryGetValue(name.ToString(), out var point) ? point : null;
}
