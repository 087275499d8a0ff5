namespace Hone.Models.Export;

/// <summary>How two models predict the same tokens.</summary>
/// <param name="Tokens">Tokens they were compared on.</param>
/// <param name="LargestLogitDifference">The largest |z − z′| over all tokens and the vocabulary.</param>
/// <param name="MeanKl">The mean of Σ p·(ln p − ln p′) over tokens, in nats.</param>
/// <param name="SameLikeliest">The share of tokens after which both find the same token likeliest.</param>
/// <param name="MeanLogProb">The mean ln p of the text's own tokens by the first model.</param>
/// <param name="MeanLogProbAfter">The same by the second.</param>
public sealed record ParityReport(
    int Tokens, double LargestLogitDifference, double MeanKl, double SameLikeliest, double MeanLogProb, double MeanLogProbAfter);
