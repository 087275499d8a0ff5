namespace Hone.Search;

/// <summary>The shape of a beam search.</summary>
public sealed record BeamOptions
{
    /// <summary>Paths that are sampled at each level, from 1 to 4096.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Ways in which each kept path goes on: the best Width / Branches paths of a level are kept. Must divide
    /// the width.</summary>
    public int Branches { get; init; } = 4;

    /// <summary>Levels, at least 1.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Every fault, in words; empty when the search can be made.</summary>
    public IEnumerable<string> Problems()
    {
        if (Width is < 1 or > 4096)
        {
            yield return $"width: must be from 1 to 4096, got {Width}";
        }
        else if (Branches < 1 || Width % Branches != 0)
        {
            yield return $"branches: must divide the {Width} paths of a level, got {Branches}";
        }

        if (Depth < 1)
        {
            yield return $"depth: must be at least 1, got {Depth}";
        }
    }
}
