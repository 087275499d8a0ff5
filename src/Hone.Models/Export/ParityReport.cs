namespace Hone.Models.Export;

/// <summary>How two models predict the same tokens.</summary>
/// <param name="Tokens">Tokens they were compared on.</param>
/// <param name="LargestLogitDifference">The largest |z − z′| over all tokens and the vocabulary.</param>
/// <param name="MeanKl">The mean of Σ p·(ln p − ln p′) over tokens, in nats.</param>
/// <param name="SameLikeliest">The share of tokens after which both find the same token likeliest.</param>
/// <param name="MeanLogProb">The mean ln p of the text's own tokens by the first model.</param>
/// <param name="MeanLogProbAfter">The same by the second.</param>
public sealed record ParityReport(
    int Tokens, double LargestLogitDifference, double MeanKl, double SameLikeliest, double MeanLogProb,
    double MeanLogProbAfter)
{
    /// <summary>exp(−mean ln p) of the text's own tokens by the first model.</summary>
    public double Perplexity => Math.Exp(-MeanLogProb);

    /// <summary>The same by the second.</summary>
    public double PerplexityAfter => Math.Exp(-MeanLogProbAfter);

    /// <summary>
    /// The report on several texts together. Their first tokens, which nothing predicts, count in no mean of log-probs.
    /// </summary>
    /// <param name="reports">One for each text; not empty.</param>
    public static ParityReport Of(IReadOnlyList<ParityReport> reports)
    {
        var (tokens, predicted) = (reports.Sum(report => report.Tokens), reports.Sum(report => report.Tokens - 1));
        double Mean(Func<ParityReport, double> value) => reports.Sum(report => value(report) * report.Tokens) / tokens;
        double MeanOfOwn(Func<ParityReport, double> value) =>
            predicted == 0 ? 0 : reports.Sum(report => value(report) * (report.Tokens - 1)) / predicted;
        return new ParityReport(
            tokens,
            reports.Max(report => report.LargestLogitDifference),
            Mean(report => report.MeanKl),
            Mean(report => report.SameLikeliest),
            MeanOfOwn(report => report.MeanLogProb),
            MeanOfOwn(report => report.MeanLogProbAfter));
    }
}
