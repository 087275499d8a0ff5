using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Training.Tests.Ranks;

public sealed class RankPlaceTests
{
    [Fact]
    public void The_environment_of_torchrun_gives_a_place()
    {
        var place = RankPlace.Of(Variables("RANK=1", "WORLD_SIZE=4", "MASTER_ADDR=node0", "MASTER_PORT=29500"));

        Assert.Equal(new RankPlace(1, 4, "node0", 29500), place);
    }

    [Fact]
    public void A_launcher_may_keep_the_rendezvous_for_several_attempts()
    {
        var place = RankPlace.Of(Variables(
            "RANK=0", "WORLD_SIZE=2", "MASTER_ADDR=a", "MASTER_PORT=1", "GLOO_SOCKET_IFNAME=eth1",
            "TORCHELASTIC_USE_AGENT_STORE=True", "TORCHELASTIC_RESTART_COUNT=3"));

        Assert.Equal((true, "/worker/attempt_3", "eth1"), (place.IsKeptByLauncher, place.Prefix, place.Interface));
    }

    [Fact]
    public void All_that_does_not_fit_is_told_at_once()
    {
        var fault = Assert.Throws<OptionsException>(
            () => RankPlace.Of(Variables("RANK=2", "WORLD_SIZE=2", "MASTER_PORT=x")));

        Assert.Equal(
            [
                "RANK: must be a whole number from 0 to 1, got 2",
                "MASTER_PORT: must be a whole number from 1 to 65535, got x",
                "MASTER_ADDR: must name the machine of rank 0, is not set",
            ],
            fault.Problems);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, "RANK=0")]
    [InlineData(false, "WORLD_SIZE=2", "RANK=")]
    [InlineData(true, "RANK=0", "WORLD_SIZE=2")]
    public void A_place_is_given_by_rank_and_world_size(bool expected, params string[] variables) =>
        Assert.Equal(expected, RankPlace.IsGiven(Variables(variables)));

    private static Func<string, string?> Variables(params string[] pairs)
    {
        var values = pairs.Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
