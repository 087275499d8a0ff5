using System.Text;

namespace Hone.Training.Recipes.Schema;

/// <summary>The names of C# as a recipe writes them: <c>LearningRate</c> is <c>learning_rate</c>, <c>Beta1</c> is
/// <c>beta1</c>, <c>Adamw8bit</c> is <c>adamw_8bit</c>.</summary>
internal static class SnakeCase
{
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var letter = name[i];
            var beginsWord =
                char.IsUpper(letter) || (char.IsDigit(letter) && i + 1 < name.Length && char.IsLower(name[i + 1]));
            if (beginsWord && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
