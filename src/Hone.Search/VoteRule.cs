namespace Hone.Search;

/// <summary>What an answer gathers from the candidates that give it.</summary>
public enum VoteRule
{
    /// <summary>One vote a candidate (self-consistency).</summary>
    Majority,

    /// <summary>The sum of their scores.</summary>
    ScoreSum,

    /// <summary>The mean of their scores.</summary>
    ScoreMean,

    /// <summary>Their highest score.</summary>
    HighestScore,
}
