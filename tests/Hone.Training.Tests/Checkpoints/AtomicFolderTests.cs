using Hone.Training.Checkpoints;

namespace Hone.Training.Tests.Checkpoints;

public sealed class AtomicFolderTests
{
    [Fact]
    public void A_folder_appears_when_it_is_whole()
    {
        using var folder = new TemporaryFolder();
        AtomicFolder.Write(folder["final"], partial =>
        {
            Assert.False(Directory.Exists(folder["final"]));
            File.WriteAllText(Path.Combine(partial, "a"), "1");
        });

        Assert.Equal([folder["final"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("1", File.ReadAllText(Path.Combine(folder["final"], "a")));
    }

    [Fact]
    public void A_folder_that_is_there_is_replaced_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        AtomicFolder.Write(folder["final"], partial => File.WriteAllText(Path.Combine(partial, "old"), "1"));
        AtomicFolder.Write(folder["final"], partial => File.WriteAllText(Path.Combine(partial, "new"), "2"));

        Assert.Equal([folder["final"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(["new"], Directory.GetFiles(folder["final"]).Select(Path.GetFileName));
    }

    [Fact]
    public void A_failure_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        AtomicFolder.Write(folder["final"], partial => File.WriteAllText(Path.Combine(partial, "old"), "1"));

        Assert.Throws<InvalidOperationException>(() => AtomicFolder.Write(folder["final"], partial =>
        {
            File.WriteAllText(Path.Combine(partial, "new"), "2");
            throw new InvalidOperationException("half way");
        }));

        Assert.Equal([folder["final"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(["old"], Directory.GetFiles(folder["final"]).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["step-1", "step-2.partial", "step-0.removed", "mine"])
        {
            Directory.CreateDirectory(Path.Combine(folder[name], "inner"));
        }

        AtomicFolder.RemoveLeftovers(folder.Path);

        Assert.Equal(["mine", "step-1"], Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order());
    }
}
