using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hone.Torch.Tests.Groups;

public sealed class ProcessGroupTests
{
    private const string Advice = "; see its own words; hone train --resume goes on from the last checkpoint";

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.BFloat16)]
    public void A_sum_is_that_of_all_ranks(DType dtype)
    {
        // rank r has (r + 1) · {1, 2, 3, 4} transposed: over three ranks (1 + 2 + 3) · {1, 3, 2, 4}
        var sums = RankThreads.Run(3, group =>
        {
            using var scope = TensorScope.Open();
            var tensor = (Tensor.From<float>([1, 2, 3, 4], 2, 2).To(dtype) * (group.Rank + 1)).Transpose(0, 1);
            group.Sum(tensor);
            return tensor.ToArray<float>();
        });

        Assert.All(sums, sum => Assert.Equal([6, 18, 12, 24], sum));
    }

    [Fact]
    public void A_sum_in_bfloat16_is_rounded_once()
    {
        // 256 has the neighbours 255 and 258 in bfloat16: 256 + 1 + 1 = 258 when rounded at the end, 256 when at each
        // addition
        var sums = RankThreads.Run(3, group =>
        {
            using var scope = TensorScope.Open();
            var tensor = Tensor.Of<float>(group.Rank == 0 ? 256 : 1).To(DType.BFloat16);
            group.Sum(tensor);
            return tensor.ToArray<float>()[0];
        });

        Assert.Equal([258, 258, 258], sums);
    }

    [Fact]
    public void Several_sums_may_be_under_way()
    {
        var sums = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            Tensor[] tensors = [.. Enumerable.Range(1, 20).Select(i => Tensor.Full(i, DType.Float32, 100_000))];
            var pending = tensors.Select(group.StartSum).ToArray();
            foreach (var operation in pending)
            {
                operation.Wait();
            }

            return tensors.Select(tensor => tensor.Max().Item()).ToArray();
        });

        Assert.All(sums, sum => Assert.Equal(Enumerable.Range(1, 20).Select(i => 2.0 * i), sum));
    }

    [Theory]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Bool)]
    public void A_broadcast_gives_all_ranks_the_elements_of_one(DType dtype)
    {
        var found = RankThreads.Run(3, group =>
        {
            using var scope = TensorScope.Open();
            var tensor = (group.Rank == 1 ? Tensor.Of<float>(1, 0, 1) : Tensor.Of<float>(0, 0, 0)).To(dtype);
            group.Broadcast(tensor, root: 1);
            return tensor.ToArray<float>();
        });

        Assert.All(found, values => Assert.Equal([1, 0, 1], values));
    }

    [Fact]
    public void Bytes_are_gathered_in_the_order_of_ranks_whatever_their_lengths()
    {
        var found = RankThreads.Run(3, group => (
            group.Gather(new byte[] { 7 }.AsSpan(0, group.Rank == 0 ? 0 : 1)),
            group.Gather([.. Enumerable.Repeat((byte)group.Rank, group.Rank * 5000)])));

        foreach (var (small, large) in found)
        {
            Assert.Equal([[], [7], [7]], small);
            Assert.Equal([0, 5000, 10000], large.Select(bytes => bytes.Length));
            Assert.All(large[2], value => Assert.Equal(2, value));
        }
    }

    [Fact]
    public void A_stop_that_one_rank_asks_for_reaches_all()
    {
        var stopped = RankThreads.Run(3, group =>
        {
            if (group.Rank == 2)
            {
                group.RequestStop();
            }

            var isStopped = group.StopRequested.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
            group.Barrier();
            return isStopped;
        });

        Assert.Equal([true, true, true], stopped);
    }

    [Fact]
    public void A_rank_that_does_not_come_is_named()
    {
        var meeting = Rendezvous.Open("127.0.0.1", 0);
        var options = new ProcessGroupOptions { Rank = 0, Size = 3, JoinLimit = TimeSpan.FromSeconds(1) };

        var fault = Assert.Throws<ProcessGroupException>(
            () => ProcessGroup.Join(meeting, options, CancellationToken.None));

        Assert.Equal(
            $"rank 1, 2 of 3: must come to 127.0.0.1:{meeting.Port} within 1 s, has not; "
            + "start all 3 with the same MASTER_ADDR and MASTER_PORT",
            fault.Message);
    }

    [Fact]
    public void Ranks_that_disagree_on_their_number_are_told()
    {
        var fault = Assert.Throws<ProcessGroupException>(() => RankThreads.Run(
            2,
            group => 0,
            rank => new ProcessGroupOptions { Rank = rank, Size = 2 + rank, JoinLimit = TimeSpan.FromSeconds(9) }));

        Assert.Equal("rank 1: must have the same WORLD_SIZE as rank 0, which has 2, has 3", fault.Message);
    }

    [Fact]
    public void A_rank_may_be_there_only_once()
    {
        using var meeting = Rendezvous.Open("127.0.0.1", 0);
        var second = Rendezvous.Reach("127.0.0.1", meeting.Port, TimeSpan.FromSeconds(5), "", CancellationToken.None);
        meeting.Add("count/1", 1);

        var fault = Assert.Throws<ProcessGroupException>(() =>
            ProcessGroup.Join(second, new ProcessGroupOptions { Rank = 1, Size = 2 }, CancellationToken.None));

        Assert.Equal(
            $"rank 1: must be one process, another one has come to 127.0.0.1:{meeting.Port} "
            + "with the same RANK; give each its own",
            fault.Message);
    }

    [Fact]
    public void A_port_that_is_taken_is_refused()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var fault = Assert.Throws<ProcessGroupException>(() => Rendezvous.Open("127.0.0.1", port));

        Assert.Equal(
            $"127.0.0.1:{port}: the port must be free on this machine, another program listens on it; "
            + "take another MASTER_PORT",
            fault.Message);
    }

    [Fact]
    public void A_rendezvous_that_nobody_keeps_is_told()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        var fault = Assert.Throws<ProcessGroupException>(() =>
            Rendezvous.Reach("127.0.0.1", port, TimeSpan.FromSeconds(1), "", CancellationToken.None));

        Assert.StartsWith(
            $"127.0.0.1:{port}: rank 0 must listen there, nobody has for 1 s (Connection refused",
            fault.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "); start it with the same MASTER_ADDR and MASTER_PORT", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_sum()
    {
        var sum = WithPeer("sum", (group, _) =>
        {
            using var scope = TensorScope.Open();
            var tensor = Tensor.Of<float>(3, 4);
            group.Sum(tensor);
            return tensor.ToArray<float>();
        });

        Assert.Equal([13, 24], sum);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public void A_rank_that_is_killed_or_frozen_is_named(string signal)
    {
        var fault = Assert.Throws<ProcessGroupException>(() => WithPeer("sleep", (group, peer) =>
        {
            using var kill = Process.Start("kill", [$"-{signal}", $"{peer.Id}"]);
            kill.WaitForExit();
            using var scope = TensorScope.Open();
            group.Sum(Tensor.Of<float>(3, 4));
            return 0;
        }));

        // 1 connects, 2 is the first sum
        Assert.Matches(
            $"^rank 1 of 2: must take part in sum 3, has given no sign of life for [0-9]+ s{Advice}$", fault.Message);
    }

    [Fact]
    public void A_rank_that_fails_gives_its_words_to_all()
    {
        var fault = Assert.Throws<ProcessGroupException>(() => WithPeer("fail", (group, _) =>
        {
            using var scope = TensorScope.Open();
            group.Sum(Tensor.Of<float>(3, 4));
            return 0;
        }));

        Assert.Equal("rank 1: rows.jsonl:3: \"text\" is missing", fault.Message);
    }

    [Fact]
    public void A_rank_that_left_is_not_waited_for()
    {
        var fault = Assert.Throws<ProcessGroupException>(() => WithPeer("leave", (group, _) =>
        {
            using var scope = TensorScope.Open();
            group.Sum(Tensor.Of<float>(3, 4));
            return 0;
        }));

        Assert.Equal("rank 1 of 2: must take part in sum 3, has left the run" + Advice, fault.Message);
    }

    [Fact]
    public void A_rank_that_lags_too_long_is_named()
    {
        var fault = Assert.Throws<ProcessGroupException>(() => WithPeer(
            "sleep",
            (group, _) =>
            {
                using var scope = TensorScope.Open();
                group.Sum(Tensor.Of<float>(3, 4));
                return 0;
            },
            operationLimit: 5));

        Assert.Equal("rank 1 of 2: must come to sum 3 within 5 s, is at operation 2" + Advice, fault.Message);
    }

    /// <summary>Runs rank 0 here, with rank 1 as a process that does <paramref name="act"/> after a first
    /// sum.</summary>
    private static T WithPeer<T>(string act, Func<ProcessGroup, Process, T> work, int operationLimit = 60)
    {
        var meeting = Rendezvous.Open("127.0.0.1", 0);
        using var peer = PeerProcess.Start(meeting.Port, act);
        try
        {
            var options = new ProcessGroupOptions
            {
                Rank = 0,
                Size = 2,
                SilenceLimit = TimeSpan.FromSeconds(3),
                OperationLimit = TimeSpan.FromSeconds(operationLimit),
            };
            using var group = ProcessGroup.Join(meeting, options, CancellationToken.None);
            using var scope = TensorScope.Open();
            var first = Tensor.Of<float>(1, 2);
            group.Sum(first);
            Assert.Equal([2, 4], first.ToArray<float>());
            return work(group, peer);
        }
        finally
        {
            peer.Kill(entireProcessTree: true);
            peer.WaitForExit();
        }
    }
}
