using System.Text.Json;
using Hone.Training.Metrics;

namespace Hone.Training.Tests.Metrics;

public sealed class EventRecordTests
{
    [Fact]
    public void Files_of_other_writers_are_read_up_to_their_damage()
    {
        var folder = Path.Combine(Repository.Fixtures, "..", "goldens", "files");
        var index = Path.Combine(folder, "tensorboard", "cases.jsonl");
        if (!File.Exists(index))
        {
            Assert.Skip($"{index} is not there");
        }

        foreach (var line in File.ReadLines(index))
        {
            var one = JsonDocument.Parse(line).RootElement;
            var expected = one.TryGetProperty("records", out var records)
                ? records : one.GetProperty("tensorboard_loader").GetProperty("records");
            using var file = File.OpenRead(Path.Combine(folder, one.GetProperty("path").GetString()!));

            Assert.Equal(
                (one.GetProperty("name").GetString(), expected.GetInt32()),
                (one.GetProperty("name").GetString(), Count(file)));
        }
    }

    private static int Count(Stream file)
    {
        var count = 0;
        while (EventRecord.ReadPayload(file) is not null)
        {
            count++;
        }

        return count;
    }
}
