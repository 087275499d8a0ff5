namespace Hone.Cli.Tests;

public sealed class InterruptionTests
{
    [Fact]
    public void The_first_request_cancels_and_the_second_is_left_to_the_system()
    {
        using var interruption = new Interruption();
        var token = interruption.Watch();

        Assert.Equal((true, true, false), (interruption.Ask(), token.IsCancellationRequested, interruption.Ask()));
    }

    [Fact]
    public void Nothing_is_caught_while_nobody_watches()
    {
        using var interruption = new Interruption();

        Assert.False(interruption.Ask());
    }

    [Fact]
    public void Watching_anew_forgives()
    {
        using var interruption = new Interruption();
        interruption.Watch();
        interruption.Ask();

        var token = interruption.Watch();

        Assert.Equal((false, true), (token.IsCancellationRequested, interruption.Ask()));
    }
}
