namespace Hone.Training.Recipes;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
public static class NearestName
{
    /// <summary>The closest of <paramref name="names"/> that differs in at most a third of the letters (two at least),
    /// or null.</summary>
    public static string? Of(string written, IEnumerable<string> names)
    {
        var reach = Math.Max(2, written.Length / 3);
        return names
            .Select(name => (Name: name, Distance: Distance(written, name)))
            .Where(candidate => candidate.Distance <= reach && candidate.Distance < candidate.Name.Length)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>The number of letters to insert, remove, replace or swap with their neighbour to make one word of the
    /// other.</summary>
    /// <remarks>The optimal string alignment distance (Damerau 1964), with three rows of its table.</remarks>
    public static int Distance(string first, string second)
    {
        var (before, above, row) = (new int[second.Length + 1], new int[second.Length + 1], new int[second.Length + 1]);
        for (var j = 0; j <= second.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= first.Length; i++)
        {
            (before, above, row) = (above, row, before);
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = above[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }
        }

        return row[second.Length];
    }
}
