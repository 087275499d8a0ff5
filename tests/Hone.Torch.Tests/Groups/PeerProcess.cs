using System.Diagnostics;
using System.Globalization;

namespace Hone.Torch.Tests.Groups;

/// <summary>Rank 1 as a process of its own: this program again, asked for the one test that is only run by
/// name.</summary>
public sealed class PeerProcess
{
    private const string PortVariable = "HONE_TEST_PEER_PORT";
    private const string ActVariable = "HONE_TEST_PEER_ACT";

    [Fact(Explicit = true)]
    public void Rank_1_does_what_it_was_started_for()
    {
        if (Environment.GetEnvironmentVariable(PortVariable) is not { } port)
        {
            Assert.Skip("it is started by other tests");
            return;
        }

        ComputeThread.Configure(1);
        var number = int.Parse(port, CultureInfo.InvariantCulture);
        var meeting = Rendezvous.Reach(
            "127.0.0.1", number, TimeSpan.FromSeconds(60), "", CancellationToken.None);
        var place = new ProcessGroupOptions { Rank = 1, Size = 2 };
        using var group = ProcessGroup.Join(meeting, place, CancellationToken.None);
        using var scope = TensorScope.Open();
        group.Sum(Tensor.Of<float>(1, 2));
        switch (Environment.GetEnvironmentVariable(ActVariable))
        {
            case "fail":
                group.ReportFailure("rank 1: rows.jsonl:3: \"text\" is missing");
                break;
            case "sleep":
                Thread.Sleep(TimeSpan.FromMinutes(1));
                break;
            case "sum":
                group.Sum(Tensor.Of<float>(10, 20));
                break;
        }
    }

    /// <summary>Starts rank 1.</summary>
    /// <param name="port">Where rank 0 keeps the rendezvous.</param>
    /// <param name="act">What it does after a first sum with {1, 2}.</param>
    internal static Process Start(int port, string act)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Hone.Torch.Tests"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] words = ["-class", typeof(PeerProcess).FullName!, "-explicit", "only", "-noColor", "-noLogo"];
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[PortVariable] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment[ActVariable] = act;
        return Process.Start(start)!;
    }
}
