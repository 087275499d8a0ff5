using System.Globalization;
using System.Text.Json;
using Hone.Models.Export;

namespace Hone.Cli.Writing;

/// <summary>Writes how two models predict the same tokens.</summary>
internal static class ParityWriter
{
    /// <summary>A line for people, or an object.</summary>
    public static void Write(TextWriter output, ParityReport parity, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteNumber("perplexity", parity.Perplexity);
                json.WriteNumber("perplexity_after", parity.PerplexityAfter);
                WriteFields(json, parity);
            });
            return;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"on {parity.Tokens} tokens perplexity {parity.Perplexity:0.0000} before and "
            + $"{parity.PerplexityAfter:0.0000} after ({parity.PerplexityAfter - parity.Perplexity:+0.0000;-0.0000}), "
            + $"KL {parity.MeanKl:0.########} nats, the likeliest token is the same at {parity.SameLikeliest:0.0%}, "
            + $"logits differ by at most {parity.LargestLogitDifference:0.######}"));
    }

    /// <summary>An object.</summary>
    public static void Write(Utf8JsonWriter json, ParityReport parity)
    {
        json.WriteStartObject();
        WriteFields(json, parity);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, ParityReport parity)
    {
        json.WriteNumber("tokens", parity.Tokens);
        json.WriteNumber("max_logit_difference", parity.LargestLogitDifference);
        json.WriteNumber("mean_kl", parity.MeanKl);
        json.WriteNumber("same_likeliest", parity.SameLikeliest);
        json.WriteNumber("mean_log_prob", parity.MeanLogProb);
        json.WriteNumber("mean_log_prob_after", parity.MeanLogProbAfter);
    }
}
