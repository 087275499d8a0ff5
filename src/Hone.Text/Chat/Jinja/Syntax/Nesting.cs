namespace Hone.Text.Chat.Jinja;

/// <summary>Counts how deep the parser is, and how high the trees are that it makes.</summary>
/// <param name="limit">The most.</param>
internal sealed class Nesting(int limit)
{
    private int _depth;

    /// <summary>Goes one deeper.</summary>
    /// <exception cref="JinjaFault">That is too deep.</exception>
    public void Enter(int line)
    {
        Check(++_depth, line);
        StackGuard.Check();
    }

    /// <summary>Comes back.</summary>
    public void Leave() => _depth--;

    /// <summary>The height of a tree over others.</summary>
    /// <exception cref="JinjaFault">That is too high.</exception>
    public int Over(int line, params IEnumerable<Expression?> parts)
    {
        var highest = 0;
        foreach (var part in parts)
        {
            highest = Math.Max(highest, part?.Height ?? 0);
        }

        Check(highest + 1, line);
        return highest + 1;
    }

    private void Check(int depth, int line)
    {
        if (depth > limit)
        {
            throw JinjaFault.Limit($"blocks and expressions must nest at most {limit} deep, these nest deeper", line);
        }
    }
}
