using System.Text.RegularExpressions;
using Hone.Data;

namespace Hone.Evaluation.Tasks;

/// <summary>
/// Looks for held-out problems in what models are trained on: as a question, or as its running totals worked out.
/// </summary>
public static partial class HeldOutCheck
{
    /// <summary>
    /// Requires that no held-out problem stands anywhere in the training files, whatever their columns.
    /// </summary>
    /// <param name="heldOut">The problems of the examination.</param>
    /// <param name="trainingFiles">Every file that a training stage reads.</param>
    /// <exception cref="DataException">One does; the message names its line.</exception>
    public static void Require(IReadOnlyCollection<ArithmeticProblem> heldOut, IEnumerable<string> trainingFiles)
    {
        HashSet<string> texts = [.. heldOut.Select(problem => problem.Expression),
            .. heldOut.Select(problem => problem.Steps)];
        var lookup = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var file in trainingFiles)
        {
            foreach (var (number, line) in File.ReadLines(file).Index())
            {
                foreach (var match in Calculation().EnumerateMatches(line))
                {
                    var found = line.AsSpan(match.Index, match.Length);
                    if (lookup.Contains(found))
                    {
                        throw new DataException(new SourceLine(file, number + 1),
                            $"no training stage may see a held-out problem, got {found}");
                    }
                }
            }
        }
    }

    /// <summary>The longest runs of sums, and of calculations behind each other.</summary>
    [GeneratedRegex(@"\d+[+-]\d+=\d+(?:;\d+[+-]\d+=\d+)*|\d+(?:[+-]\d+)+")]
    private static partial Regex Calculation();
}
