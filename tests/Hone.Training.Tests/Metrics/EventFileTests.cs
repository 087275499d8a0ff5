using Hone.Training.Metrics;

namespace Hone.Training.Tests.Metrics;

public sealed class EventFileTests
{
    // Records of torch.utils.tensorboard: train/loss at step 0 is 2, train/lr at step 0 is 0, train/loss at step 1 is
    // 1, a second apart.
    private const string TorchRecords =
        "1e00000000000000d9dc12320900004040fc54d9412a130a110a0a747261696e2f6c6f737315000000409b69c102"
        + "1c00000000000000c8c1951d0900008040fc54d9412a110a0f0a08747261696e2f6c7215000000005372e8f5"
        + "200000000000000029eda950090000c040fc54d94110012a130a110a0a747261696e2f6c6f7373150000803fa69bc429";

    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void Records_are_byte_for_byte_those_of_torch()
    {
        using var folder = new TemporaryFolder();
        using (var events = EventFile.Open(folder.Path, -1, new FixedClock(Start.AddSeconds(-1))))
        {
            events.Write(0, One("train/loss", 2));
            events.Write(0, One("train/lr", 0));
            events.Write(1, One("train/loss", 1));
        }

        var bytes = File.ReadAllBytes(folder["events.out.tfevents.1699999999.hone"]);

        // wall time 8 + 1 bytes, "brain.Event:2" 13 + 2 bytes; 16 of the frame
        Assert.Equal(TorchRecords, Convert.ToHexStringLower(bytes.AsSpan(40)));
    }

    [Fact]
    public void The_file_begins_with_the_version_of_the_format()
    {
        using var folder = new TemporaryFolder();
        EventFile.Open(folder.Path, -1, new FixedClock(Start)).Dispose();

        using var file = File.OpenRead(folder["events.out.tfevents.1700000000.hone"]);
        var payload = EventPayloads(file).Single();

        Assert.Equal("\u001A\u000Dbrain.Event:2", System.Text.Encoding.ASCII.GetString(payload.AsSpan(9)));
    }

    [Theory]
    [InlineData(-1, new long[] { 0, 400 })]
    [InlineData(0, new long[] { 0, 0, 400 })]
    [InlineData(200, new long[] { 0, 0, 1, 200, 400 })]
    [InlineData(300, new long[] { 0, 0, 1, 200, 300, 400 })]
    public void A_resumed_file_has_each_step_once(long lastStep, long[] steps)
    {
        using var folder = new TemporaryFolder();
        using (var events = EventFile.Open(folder.Path, -1, new FixedClock(Start)))
        {
            foreach (var step in (long[])[0, 1, 200, 300])
            {
                events.Write(step, One("loss", step));
            }
        }

        // The first two bytes of a record that was torn.
        var path = Directory.GetFiles(folder.Path).Single();
        File.AppendAllText(path, "\u001e\0");
        using (var events = EventFile.Open(folder.Path, lastStep, new FixedClock(Start.AddDays(1))))
        {
            events.Write(400, One("loss", 1));
        }

        using var file = File.OpenRead(Directory.GetFiles(folder.Path).Single());
        Assert.Equal(steps, EventPayloads(file).Select(payload => EventRecord.StepOf(payload)));
    }

    [Fact]
    public void Reading_on_stops_at_an_altered_record()
    {
        using var folder = new TemporaryFolder();
        using (var events = EventFile.Open(folder.Path, -1, new FixedClock(Start)))
        {
            events.Write(1, One("loss", 1));
            events.Write(2, One("loss", 2));
        }

        var path = Directory.GetFiles(folder.Path).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[40 + 20] ^= 1; // inside the payload of step 1
        File.WriteAllBytes(path, bytes);

        EventFile.Open(folder.Path, 2, new FixedClock(Start)).Dispose();

        Assert.Equal(40, new FileInfo(path).Length);
    }

    private static IEnumerable<byte[]> EventPayloads(Stream file)
    {
        while (EventRecord.ReadPayload(file) is { } payload)
        {
            yield return payload;
        }
    }

    private static MetricSet One(string name, double value)
    {
        var metrics = new MetricSet();
        metrics.Set(name, value);
        return metrics;
    }
}
