using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hone.Training.Metrics;

/// <summary>A file of JSON lines that belong to steps, in their order. Each line reaches the system before the next
/// step begins.</summary>
public sealed class StepLines : IDisposable
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();

    private StepLines(FileStream file) => _file = file;

    /// <summary>Opens a file to go on behind the last line of a step; what stands behind it is cut off, as is a line
    /// that was torn.</summary>
    /// <param name="path">The file; made when it is not there.</param>
    /// <param name="lastStep">The step after which the run goes on; −1 to begin anew.</param>
    public static StepLines Open(string path, long lastStep)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.SetLength(EndOf(file, lastStep));
        file.Seek(0, SeekOrigin.End);
        return new StepLines(file);
    }

    /// <summary>Writes one line: an object whose first key is <c>step</c>.</summary>
    /// <param name="step">The step that the line belongs to.</param>
    /// <param name="write">Writes the other keys.</param>
    public void Append(long step, Action<Utf8JsonWriter> write)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("step", step);
            write(json);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        _file.Write(_line.WrittenSpan);
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Where the lines of the steps up to <paramref name="lastStep"/> end.</summary>
    private static long EndOf(FileStream file, long lastStep)
    {
        var buffer = new byte[1 << 16];
        var (filled, end) = (0, 0L);
        while (true)
        {
            var read = file.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            var start = 0;
            while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                if (StepOf(buffer.AsSpan(start, length)) > lastStep)
                {
                    return end;
                }

                start += length + 1;
                end += length + 1;
            }

            if (read == 0)
            {
                return end;
            }

            filled -= start;
            buffer.AsSpan(start, filled).CopyTo(buffer);
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
    }

    /// <summary>The step of a line; a line that is none of ours belongs where it stands.</summary>
    private static long StepOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            return json.Read() && json.TokenType == JsonTokenType.StartObject
                && json.Read() && json.ValueTextEquals("step"u8) && json.Read()
                ? json.GetInt64()
                : -1;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return -1;
        }
    }
}
