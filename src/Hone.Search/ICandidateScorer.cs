namespace Hone.Search;

/// <summary>Says how good a candidate looks, by nothing but its prompt and itself.</summary>
public interface ICandidateScorer
{
    /// <summary>The score of <paramref name="candidate"/>; higher is better.</summary>
    public double Score(string prompt, Candidate candidate);
}
