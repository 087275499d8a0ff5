using System.Globalization;
using System.Text.Json;

namespace Hone.Bench;

/// <summary>Writes measurements as they come: a table for people, a JSON object a line for machines.</summary>
internal sealed class Report(TextWriter output, bool json)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private string _group = "";

    public void Write(Measurement measurement)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(measurement, Names));
            return;
        }

        if (_group != measurement.Group)
        {
            _group = measurement.Group;
            output.WriteLine();
            output.WriteLine($"{_group,-52}{measurement.Unit,12}{measurement.Against,24}{"ratio",9}");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{measurement.Name,-52}{measurement.Value,12:F2}{measurement.Reference,24:F2}{measurement.Ratio,8:F2}x{Verdict(measurement)}"));
        output.Flush();
    }

    private static string Verdict(Measurement measurement) => measurement.Limit switch
    {
        null => "",
        { } limit when measurement.Ratio <= limit => string.Create(CultureInfo.InvariantCulture, $"  within {limit}x"),
        { } limit => string.Create(CultureInfo.InvariantCulture, $"  OVER {limit}x"),
    };
}
