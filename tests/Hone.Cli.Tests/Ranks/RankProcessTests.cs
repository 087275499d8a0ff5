using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Hone.Cli.Tests.Ranks;

/// <summary>Runs of several processes, as a user starts them.</summary>
public sealed class RankProcessTests : IDisposable
{
    private const string ThirdStep = "{\"event\":\"step\",\"step\":3,";

    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Two_ranks_of_this_machine_are_the_run_of_one()
    {
        var recipe = TinyRecipe.Write(_scratch, steps: 6);

        var alone = Finish(Start(Words(recipe, "alone")));
        var both = Finish(Start(Words(recipe, "both", "--ranks", "2")));

        Assert.Equal((0, ""), (alone.Code, alone.Errors));
        Assert.Equal((0, ""), (both.Code, both.Errors));
        Assert.Equal(Events(alone.Output).Select(Name), Events(both.Output).Select(Name));
        Assert.Equal(2, Events(both.Output)[0].GetProperty("plan").GetProperty("ranks").GetInt32());
        foreach (var (one, two) in Losses(alone.Output).Zip(Losses(both.Output)))
        {
            Assert.Equal(one, two, 1e-4);
        }
    }

    [Fact]
    public void A_rank_that_is_killed_ends_the_run_in_words_and_it_goes_on()
    {
        var recipe = TinyRecipe.Write(_scratch, steps: 200);
        using var first = Start(Words(recipe, "run", "--ranks", "2"));
        ReadTo(first, ThirdStep);

        Kill("KILL", ChildOf(first));
        var end = Finish(first);
        var again = Finish(Start(Words(recipe, "run", "--ranks", "2", "--resume", "--set", "steps=6")));

        Assert.Equal(1, end.Code);
        var lines = end.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(
            "^rank 1 of 2: must take part in [a-z ]+[0-9]+, has given no sign of life for [0-9]+ s; see its own words; "
            + "hone train --resume goes on from the last checkpoint$",
            lines[0]);
        Assert.Equal("rank 1: was ended by signal 9", lines[1]);
        Assert.Equal((0, ""), (again.Code, again.Errors));
        Assert.Equal(2, Events(again.Output)[0].GetProperty("step").GetInt32());
    }

    [Fact]
    public void When_rank_0_is_killed_the_other_does_not_stay()
    {
        using var first = Start(Words(TinyRecipe.Write(_scratch, steps: 200), "run", "--ranks", "2"));
        ReadTo(first, ThirdStep);
        var child = ChildOf(first);
        using var other = Process.GetProcessById(child);

        Kill("KILL", first.Id);

        Assert.True(other.WaitForExit(TimeSpan.FromMinutes(2)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_of_either_rank_saves_a_checkpoint_and_the_run_goes_on_bit_for_bit(bool ofTheOther)
    {
        var recipe = TinyRecipe.Write(_scratch, steps: 200);
        using var first = Start(Words(recipe, "broken", "--ranks", "2"));
        ReadTo(first, ThirdStep);
        Kill("INT", ofTheOther ? ChildOf(first) : first.Id);
        var end = Finish(first);
        var finished = Events(end.Output)[^1];

        Assert.Equal(130, end.Code);
        Assert.True(finished.GetProperty("interrupted").GetBoolean());
        string[] twoMore = ["--ranks", "2", "--set", $"steps={finished.GetProperty("step").GetInt32() + 2}"];
        Assert.Equal(0, Finish(Start(Words(recipe, "broken", [.. twoMore, "--resume"]))).Code);
        Assert.Equal(0, Finish(Start(Words(recipe, "whole", twoMore))).Code);
        Assert.Equal(Weights("whole"), Weights("broken"));
    }

    [Fact]
    public void Processes_take_their_places_from_the_environment_of_torchrun()
    {
        var recipe = TinyRecipe.Write(_scratch, steps: 3);
        var port = FreePort();

        using var first = Start(Words(recipe, "run"), Place(0, 2, port));
        using var second = Start(Words(recipe, "run"), Place(1, 2, port));
        var (zero, one) = (Finish(first), Finish(second));

        Assert.Equal((0, ""), (zero.Code, zero.Errors));
        Assert.Equal((0, "", ""), (one.Code, one.Output, one.Errors));
        Assert.Equal("finished", Name(Events(zero.Output)[^1]));
        Assert.True(File.Exists(Path.Combine(_scratch.Path, "run", "final", "model.safetensors")));
    }

    [Fact]
    public void A_fault_that_one_rank_finds_is_told_by_both()
    {
        var (recipe, port) = (TinyRecipe.Write(_scratch, steps: 3), FreePort());

        using var first = Start(Words(recipe, "run"), Place(0, 2, port));
        using var second = Start(Words(recipe, "run", "--set", "steps=4"), Place(1, 2, port));
        var (zero, one) = (Finish(first), Finish(second));

        const string words = "rank 1: must follow the recipe of rank 0; steps: was 3, is 4\n";
        Assert.Equal((2, words), (zero.Code, zero.Errors));
        Assert.Equal((2, words), (one.Code, one.Errors));
    }

    [Fact]
    public void Bad_input_is_told_once()
    {
        var recipe = TinyRecipe.Write(_scratch, steps: 3);
        File.WriteAllText(Path.Combine(_scratch.Path, "rows.jsonl"), "{\"text\":\"a\"}\n{\"text\":3}\n");

        var end = Finish(Start(Words(recipe, "run", "--ranks", "2")));

        Assert.Equal((2, ""), (end.Code, end.Output));
        Assert.Single(end.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("rows.jsonl:2", end.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private string[] Words(string recipe, string output, params string[] more) =>
        ["train", recipe, "--set", $"output={_scratch.Path}/{output}", "--json", .. more];

    private byte[] Weights(string output) =>
        File.ReadAllBytes(Path.Combine(_scratch.Path, output, "final", "model.safetensors"));

    private static Dictionary<string, string> Place(int rank, int count, int port) => new()
    {
        ["RANK"] = rank.ToString(CultureInfo.InvariantCulture),
        ["WORLD_SIZE"] = count.ToString(CultureInfo.InvariantCulture),
        ["MASTER_ADDR"] = "127.0.0.1",
        ["MASTER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static List<JsonElement> Events(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)),
    ];

    private static string? Name(JsonElement told) => told.GetProperty("event").GetString();

    private static IEnumerable<double> Losses(string output) =>
        Events(output).Where(told => Name(told) == "step")
            .Select(told => told.GetProperty("metrics").GetProperty("loss").GetDouble());

    private static Process Start(string[] words, Dictionary<string, string>? environment = null)
    {
        var start = HoneProcess.StartInfo(Path.Combine(AppContext.BaseDirectory, "hone.dll"), words);
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static (int Code, string Output, string Errors) Finish(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private static void ReadTo(Process process, string start)
    {
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith(start, StringComparison.Ordinal))
        {
        }
    }

    /// <summary>The process that another one has started.</summary>
    private static int ChildOf(Process parent)
    {
        var children = File.ReadAllText($"/proc/{parent.Id}/task/{parent.Id}/children");
        foreach (var task in Directory.GetDirectories($"/proc/{parent.Id}/task"))
        {
            children += " " + File.ReadAllText(Path.Combine(task, "children"));
        }

        return children.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            .Distinct()
            .Single();
    }

    private static void Kill(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
