using Hone.Cli.Tests.Training;

namespace Hone.Cli.Tests;

public sealed class InterruptionTests
{
    [Fact]
    public void The_first_request_cancels_and_a_later_one_is_left_to_the_system()
    {
        var clock = new FixedTime();
        using var interruption = new Interruption(clock);
        var token = interruption.Watch();

        Assert.Equal((true, true), (interruption.Ask(), token.IsCancellationRequested));
        clock.Pass(seconds: 0.4);
        Assert.False(interruption.Ask());
    }

    [Fact]
    public void What_comes_right_after_the_first_request_is_part_of_it()
    {
        var clock = new FixedTime();
        using var interruption = new Interruption(clock);
        interruption.Watch();
        interruption.Ask();

        clock.Pass(seconds: 0.2);

        Assert.True(interruption.Ask());
    }

    [Fact]
    public void Nothing_is_caught_while_nobody_watches()
    {
        using var interruption = new Interruption(TimeProvider.System);

        Assert.False(interruption.Ask());
    }

    [Fact]
    public void Watching_anew_forgives()
    {
        using var interruption = new Interruption(TimeProvider.System);
        interruption.Watch();
        interruption.Ask();

        var token = interruption.Watch();

        Assert.Equal((false, true), (token.IsCancellationRequested, interruption.Ask()));
    }
}
