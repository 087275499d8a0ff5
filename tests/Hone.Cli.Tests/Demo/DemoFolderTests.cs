using Hone.Cli.Demo;

namespace Hone.Cli.Tests.Demo;

public sealed class DemoFolderTests
{
    [Fact]
    public void Without_a_name_the_next_free_one_is_taken_and_nothing_is_overwritten()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(Path.Combine(scratch.Path, "demo"), DemoFolder.NextFree(scratch.Path));

        scratch.File("demo/report.html", "");
        scratch.File("demo-2/report.html", "");

        Assert.Equal(Path.Combine(scratch.Path, "demo-3"), DemoFolder.NextFree(scratch.Path));
    }
}
