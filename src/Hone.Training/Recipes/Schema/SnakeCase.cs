using System.Text;

namespace Hone.Training.Recipes.Schema;

/// <summary>The names of C# as a recipe writes them: <c>LearningRate</c> is <c>learning_rate</c>, <c>Beta1</c> is
/// <c>beta1</c>.</summary>
internal static class SnakeCase
{
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
