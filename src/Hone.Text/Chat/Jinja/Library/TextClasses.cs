namespace Hone.Text.Chat.Jinja;

/// <summary>The methods <c>is…</c> of texts.</summary>
internal static class TextClasses
{
    /// <summary>The methods.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        Of("isalpha", CharacterClass.IsLetter),
        Of("isalnum", CharacterClass.IsAlphanumeric),
        Of("isdecimal", CharacterClass.IsDecimal),
        Of("isdigit", CharacterClass.IsDigit),
        Of("isnumeric", CharacterClass.IsNumeric),
        Of("isspace", CharacterClass.IsSpace),
        Whole("isascii", text => text.All(char.IsAscii)),
        Whole("isprintable", text => PythonText.CodePoints(text).All(CharacterClass.IsPrintable)),
        Whole("islower", TextMethods.IsLower),
        Whole("isupper", TextMethods.IsUpper),
        Whole("istitle", IsTitle),
        Whole("isidentifier", PythonText.IsIdentifier),
    ];

    private static Builtin Of(string name, Func<int, bool> isMember) =>
        Whole(name, text => text.Length > 0 && PythonText.CodePoints(text).All(isMember));

    private static Builtin Whole(string name, Func<string, bool> test) => new(name, ["self"], (run, given) =>
    {
        var text = TextMethods.Self(given).Text;
        run.Budget.Work(text.Length / 2);
        return BoolValue.Of(test(text));
    });

    // Capitals follow what has no case, small letters what has one.
    private static bool IsTitle(string text)
    {
        var (wasCased, found) = (false, false);
        foreach (var point in PythonText.CodePoints(text))
        {
            var isCapital = CharacterClass.IsUpper(point) || CharacterClass.IsTitle(point);
            if ((isCapital && wasCased) || (CharacterClass.IsLower(point) && !wasCased))
            {
                return false;
            }

            wasCased = CharacterClass.IsCased(point);
            found |= wasCased;
        }

        return found;
    }
}
