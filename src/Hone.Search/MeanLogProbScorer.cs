namespace Hone.Search;

/// <summary>The model's own confidence: the mean log-probability of the candidate's tokens.</summary>
public sealed class MeanLogProbScorer : ICandidateScorer
{
    /// <inheritdoc/>
    public double Score(string prompt, Candidate candidate) => candidate.LogProbs is [_, ..] logProbs
        ? logProbs.Average(logProb => (double)logProb)
        : double.NegativeInfinity;
}
