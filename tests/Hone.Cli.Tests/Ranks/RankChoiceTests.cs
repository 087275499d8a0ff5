using Hone.Cli.Ranks;
using Hone.Cli.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Tests.Ranks;

public sealed class RankChoiceTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void One_process_trains_by_itself(int? ranks)
    {
        var choice = RankChoice.Of(ranks, [], _ => null);

        Assert.IsType<ComputedTraining>(choice.Training);
        Assert.True(choice.IsHeard);
    }

    [Fact]
    public void Several_are_started_by_the_first_who_speaks()
    {
        var choice = RankChoice.Of(3, [], _ => null);

        Assert.IsType<LaunchedTraining>(choice.Training);
        Assert.True(choice.IsHeard);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", false)]
    public void The_environment_gives_a_place_and_rank_0_speaks(string rank, bool isHeard)
    {
        var choice = RankChoice.Of(null, [], Variables(rank, "2"));

        Assert.IsType<PlacedTraining>(choice.Training);
        Assert.Equal(isHeard, choice.IsHeard);
    }

    [Fact]
    public void A_world_of_one_needs_no_rendezvous() =>
        Assert.IsType<ComputedTraining>(RankChoice.Of(null, [], Variables("0", "1")).Training);

    [Fact]
    public void Command_line_and_environment_must_not_contradict_each_other()
    {
        var fault = Assert.Throws<OptionsException>(() => RankChoice.Of(2, [], Variables("1", "4")));

        Assert.Equal(
            "--ranks: must not be given where RANK (1) and WORLD_SIZE (4) give this process its place already; "
            + "leave it out, or unset them",
            fault.Message);
    }

    private static Func<string, string?> Variables(string rank, string count) => name => name switch
    {
        "RANK" => rank,
        "WORLD_SIZE" => count,
        "MASTER_ADDR" => "127.0.0.1",
        "MASTER_PORT" => "29500",
        _ => null,
    };
}
