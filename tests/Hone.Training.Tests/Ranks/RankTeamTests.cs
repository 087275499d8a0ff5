using Hone.Rewards;
using Hone.Torch;
using Hone.Training.Ranks;

namespace Hone.Training.Tests.Ranks;

public sealed class RankTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Divided_work_comes_back_whole_and_in_order(int count)
    {
        var found = RankThreads.Run(count, ranks => new RankTeam(ranks).Divide(
            WorkShares.Balanced([5, 1, 4, 2], ranks.Count),
            share => [.. share.Select(piece => $"{piece} by {ranks.Rank}")],
            (writer, text) => writer.Write(text),
            reader => reader.ReadString(),
            CancellationToken.None));

        string[] expected = count == 1
            ? ["0 by 0", "1 by 0", "2 by 0", "3 by 0"]
            : ["0 by 0", "1 by 2", "2 by 1", "3 by 2"];
        Assert.All(found, results => Assert.Equal(expected, results));
    }

    [Fact]
    public void All_stop_when_one_is_asked_to()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        var stopped = RankThreads.Run(3, ranks =>
        {
            var team = new RankTeam(ranks);
            team.StopIfAsked(CancellationToken.None);
            var cancel = ranks.Rank == 1 ? stop.Token : CancellationToken.None;
            Assert.Throws<OperationCanceledException>(() => team.Divide(
                WorkShares.Contiguous(3, 3),
                share =>
                {
                    cancel.ThrowIfCancellationRequested();
                    return share;
                },
                (writer, value) => writer.Write(value),
                reader => reader.ReadInt32(),
                cancel));
            return team.HasStopped;
        });

        Assert.Equal([true, true, true], stopped);
    }

    [Fact]
    public void A_fault_of_one_rank_is_told_by_all()
    {
        List<string> told = [];
        var lockOfTold = new Lock();

        Assert.Throws<TrainingException>(() => RankThreads.Run(2, ranks =>
        {
            try
            {
                return new RankTeam(ranks).Divide(
                    WorkShares.Contiguous(2, 2),
                    share => ranks.Rank == 0 ? throw new TrainingException("the disk is full") : share,
                    (writer, value) => writer.Write(value),
                    reader => reader.ReadInt32(),
                    CancellationToken.None);
            }
            catch (ProcessGroupException fault)
            {
                lock (lockOfTold)
                {
                    told.Add(fault.Message);
                }

                throw;
            }
        }));

        Assert.Equal(["rank 0: the disk is full"], told);
    }

    [Fact]
    public void Rewards_of_every_outcome_cross_whole()
    {
        RewardOutcome[] outcomes =
            [new RewardOutcome.Scored(0.1), new RewardOutcome.DoesNotApply(), new RewardOutcome.Failed("time is up")];

        var found = RankThreads.Run(2, ranks => new RankTeam(ranks).Divide(
            WorkShares.Contiguous(2, 2),
            share => [outcomes],
            RankCodec.Write,
            RankCodec.ReadOutcomes,
            CancellationToken.None));

        Assert.All(found, both => Assert.All(both, one => Assert.Equal(outcomes, one)));
    }

    [Fact]
    public void Moments_in_8_bits_are_held_together_too()
    {
        var told = RankThreads.Run(2, ranks =>
        {
            using var scope = TensorScope.Open();
            var codes = Tensor.Of<byte>(0, 255, (byte)(7 + ranks.Rank));
            return Assert.Throws<TrainingException>(
                () => StateDigest.RequireSame(new RankTeam(ranks), 1, [new("codes", codes)])).Message;
        });

        Assert.All(told, message => Assert.Contains("\"codes\" is not", message, StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_that_differ_by_a_bit_are_told_by_name()
    {
        var told = RankThreads.Run(3, ranks =>
        {
            using var scope = TensorScope.Open();
            var same = Tensor.Of<float>(1, 2);
            var other = Tensor.Of<float>(3, ranks.Rank == 2 ? MathF.BitIncrement(4) : 4);
            var team = new RankTeam(ranks);
            StateDigest.RequireSame(team, 7, [new("same", same)]);
            return Assert.Throws<TrainingException>(
                () => StateDigest.RequireSame(team, 7, [new("same", same), new("other", other)])).Message;
        });

        Assert.All(told, message => Assert.Equal(
            "rank 2: after step 7 every weight and moment must be that of rank 0, \"other\" is not; the ranks compute "
            + "differently or one has a faulty memory: use machines of one kind, and resume from the last checkpoint",
            message));
    }
}
