using System.Globalization;

namespace Hone.Evaluation.Tasks;

/// <summary>A sum of several numbers, to be worked out from left to right.</summary>
/// <param name="Expression">What is asked: <c>7+8-2+3</c>.</param>
/// <param name="Steps">The running totals: <c>7+8=15;15-2=13;13+3=16</c>.</param>
/// <param name="Answer">The last total: <c>16</c>.</param>
public sealed record ArithmeticProblem(string Expression, string Steps, string Answer)
{
    /// <summary>What a model is given.</summary>
    public string Prompt => $"{Expression}=";

    /// <summary>The problem and its running totals as raw text, in which nobody asks and nobody answers.</summary>
    public string Calculation => $"{Expression};{Steps}";

    /// <summary>What a model that thinks aloud should answer.</summary>
    public string Trace => $"<think>{Steps}</think>{Answer}";

    /// <summary>Works a problem out.</summary>
    /// <param name="operands">Its numbers, at least one.</param>
    /// <param name="operators"><c>+</c> or <c>-</c> between them, one fewer.</param>
    public static ArithmeticProblem Of(ReadOnlySpan<int> operands, ReadOnlySpan<char> operators)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(operators.Length, operands.Length - 1);
        var total = operands[0];
        var expression = Text(total);
        List<string> steps = [];
        for (var i = 0; i < operators.Length; i++)
        {
            var next = Apply(total, operators[i], operands[i + 1]);
            steps.Add($"{Text(total)}{operators[i]}{Text(operands[i + 1])}={Text(next)}");
            expression += $"{operators[i]}{Text(operands[i + 1])}";
            total = next;
        }

        return new ArithmeticProblem(expression, string.Join(';', steps), Text(total));
    }

    internal static int Apply(int left, char sign, int right) => sign switch
    {
        '+' => left + right,
        '-' => left - right,
        _ => throw new ArgumentException($"operators: must be + or -, got {sign}"),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
