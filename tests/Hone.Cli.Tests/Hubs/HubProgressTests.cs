using Hone.Cli.Hubs;
using Hone.Cli.Tests.Training;
using Hone.Data.Hub;

namespace Hone.Cli.Tests.Hubs;

public sealed class HubProgressTests : IDisposable
{
    private static readonly HubName Name = HubName.Parse($"org/m@{HubScene.Commit}", HubKind.Model);

    private readonly FixedTime _time = new();
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Fact]
    public void A_line_moves_where_a_person_watches()
    {
        using (var progress = Progress(isWatched: true))
        {
            progress.Started(Name, files: 2, bytes: 10 << 20, present: 2 << 20);
            progress.Received(1 << 20);
            _time.Pass(1);
            progress.Received(1 << 20);
            _time.Pass(0.1);
            progress.Received(1 << 20);
            _time.Pass(0.9);
            progress.Received(1 << 20);
        }

        // 3 MiB after the first look, over 2 s; 4 MiB are left.
        Assert.Equal(
            "\rorg/m@1111111: 2 files, 3 MiB of 10 MiB, 0 B/s, ? left"
            + "\rorg/m@1111111: 2 files, 4 MiB of 10 MiB, 1 MiB/s, 0:06 left"
            + "\rorg/m@1111111: 2 files, 6 MiB of 10 MiB, 1.5 MiB/s, 0:02 left",
            _errors.ToString().TrimEnd('\r', ' '));
    }

    [Fact]
    public void A_log_gets_a_line_at_the_beginning_and_one_at_the_end()
    {
        using var progress = Progress(isWatched: false);
        progress.Started(Name, files: 1, bytes: 4 << 20, present: 1 << 20);
        _time.Pass(2);
        progress.Received(3 << 20);
        progress.Noticed("the connection broke");
        progress.Finished();

        Assert.Equal(
            "downloading org/m@1111111: 1 file, 4 MiB, 1 MiB of it there\nnotice: the connection broke\n"
            + "downloaded org/m@1111111: 1 file, 4 MiB in 0:02 (1.5 MiB/s)\n",
            _errors.ToString());
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        var rate = new TransferRate(TimeSpan.FromSeconds(4));
        for (var second = 0; second <= 10; second++)
        {
            // 100 bytes a second at first, 10 from second 5 on.
            rate.Add(TimeSpan.FromSeconds(second), second <= 5 ? second * 100 : 500 + ((second - 5) * 10));
        }

        Assert.Equal(10, rate.BytesPerSecond);
    }

    public void Dispose() => _errors.Dispose();

    private HubProgress Progress(bool isWatched) =>
        new(new Terminal(TextReader.Null, TextWriter.Null, _errors) { IsWatched = isWatched }, _time);
}
