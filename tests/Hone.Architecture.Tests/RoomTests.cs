using System.Xml.Linq;

namespace Hone.Architecture.Tests;

public sealed class RoomTests
{
    /// <summary>The rooms in their order; a project may use only those before it.</summary>
    private static readonly string[] Rooms =
    [
        "Hone.Torch", "Hone.Text", "Hone.Data", "Hone.Models", "Hone.Rewards", "Hone.Algorithms", "Hone.Training",
        "Hone.Search", "Hone.Evaluation", "Hone.Benchmarks", "Hone.Server", "Hone.Cli",
    ];

    [Fact]
    public void A_project_uses_only_the_rooms_above_it()
    {
        foreach (var project in Projects())
        {
            var room = Array.IndexOf(Rooms, Path.GetFileNameWithoutExtension(project));
            Assert.True(room >= 0, $"{project} is not a room of the design");
            Assert.All(References(project), reference => Assert.InRange(Array.IndexOf(Rooms, reference), 0, room - 1));
        }
    }

    [Theory]
    [InlineData("Hone.Text", "Hone.Torch")]
    [InlineData("Hone.Data", "Hone.Torch")]
    [InlineData("Hone.Algorithms", "Hone.Models")]
    [InlineData("Hone.Training", "Hone.Search")]
    [InlineData("Hone.Training", "Hone.Evaluation")]
    public void A_room_does_not_see_what_it_must_not_know(string room, string hidden) =>
        Assert.DoesNotContain(hidden, Closure(room));

    [Fact]
    public void Native_code_is_called_from_Torch_alone() =>
        AssertNowhere(file => !IsIn(file, "Hone.Torch"), "LibraryImport", "DllImport");

    [Fact]
    public void The_console_is_written_by_the_command_line_alone() =>
        AssertNowhere(file => !IsIn(file, "Hone.Cli"), "Console.");

    [Fact]
    public void Nothing_reads_the_clock_behind_a_tests_back() =>
        AssertNowhere(_ => true, "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow");

    [Fact]
    public void No_warning_is_switched_off_in_a_source() =>
        AssertNowhere(_ => true, "#pragma warning", "SuppressMessage", "#region", "NotImplementedException");

    private static void AssertNowhere(Func<string, bool> inScope, params string[] words)
    {
        var found = from file in Repository.SourceFiles("src").Where(inScope)
                    from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
                    where words.Any(word => line.text.Contains(word, StringComparison.Ordinal))
                    select $"{Path.GetRelativePath(Repository.Root, file)}:{line.number}: {line.text.Trim()}";
        Assert.Empty(found);
    }

    private static bool IsIn(string file, string room) =>
        Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file).StartsWith(
            room + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    private static HashSet<string> Closure(string room)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([room]);
        while (open.TryPop(out var next))
        {
            foreach (var reference in References(Path.Combine(Repository.Root, "src", next, next + ".csproj")))
            {
                if (seen.Add(reference))
                {
                    open.Push(reference);
                }
            }
        }

        return seen;
    }
}
