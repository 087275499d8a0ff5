using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Training.Metrics;

namespace Hone.Conformance.Checks.Files;

/// <summary>
/// TensorBoard's event files: the records that are read of them, and the same bytes when we write a scalar.
/// </summary>
public sealed class EventFileCheck : ICheck
{
    public string Area => "files";

    public IReadOnlyList<string> Kinds => ["tensorboard/cases", "tensorboard/crc32c"];

    public void Run(GoldenCase golden, Findings findings)
    {
        if (golden.Record.Find("hex") is { } hex)
        {
            var data = Convert.FromHexString(hex.Text);
            findings.Same("crc32c", golden.Record["crc32c"].Whole, Crc32C.Of(data));
            findings.Same("masked", golden.Record["masked"].Whole, Crc32C.Masked(data));
            return;
        }

        using var file = File.OpenRead(golden.Folders.InArea(golden.Record["path"].Text));
        var records = Read(file);
        if (golden.Record.Find("content") is not { } content)
        {
            findings.Same("records", golden.Record["tensorboard_loader"]["records"].Whole, records.Count);
            return;
        }

        findings.Same("records", golden.Record["records"].Whole, records.Count);
        foreach (var (line, record) in GoldenFile.Read(golden.Folders.InArea(content.Text)).Lines.Zip(records))
        {
            Compare(line, record, file, findings);
        }
    }

    private static List<(long Offset, byte[] Payload)> Read(FileStream file)
    {
        var records = new List<(long, byte[])>();
        while (file.Position is var offset && EventRecord.ReadPayload(file) is { } payload)
        {
            records.Add((offset, payload));
        }

        return records;
    }

    private static void Compare(Field line, (long Offset, byte[] Payload) record, FileStream file, Findings findings)
    {
        var where = $"record at {record.Offset}";
        findings.Same($"{where}: offset", line["offset"].Whole, record.Offset);
        findings.Same($"{where}: payload_bytes", line["payload_bytes"].Whole, record.Payload.Length);
        findings.Same($"{where}: step", line["step"].Whole, EventRecord.StepOf(record.Payload));
        if (line.Find("values")?.Items is [var value] && value["kind"].Text == "simple_value")
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds((long)(line["wall_time"].Number * 1000));
            var written = EventRecord.Scalar(time, line["step"].Whole, value["tag"].Text, (float)value["value"].Number);
            var stored = new byte[written.Length];
            file.Position = record.Offset;
            file.ReadExactly(stored);
            findings.Same($"{where}: bytes", Convert.ToHexString(stored), Convert.ToHexString(written));
        }
    }
}
