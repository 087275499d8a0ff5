using System.Diagnostics;
using Hone.Models;
using Hone.Training.Checkpoints;

namespace Hone.Training.Tests.Checkpoints;

public sealed class CheckpointStoreTests
{
    private sealed record State(int Cursor, double Rate);

    [Fact]
    public void What_was_saved_is_found_again()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder["checkpoints"], 2);

        Assert.Equal(Path.Combine(folder["checkpoints"], "step-3"), store.Save(3, Write(3)));

        var found = store.FindNewest();
        Assert.Empty(found.Refused);
        Assert.Equal(3, found.Newest!.Step);
        Assert.Equal(new State(3, 0.1), found.Newest.ReadState<State>());
        Assert.Equal("weights 3", File.ReadAllText(found.Newest.PathOf("model.safetensors")));
    }

    [Fact]
    public void Nothing_is_found_before_the_first()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(
            (null, 0),
            (new CheckpointStore(folder["checkpoints"], 2).FindNewest() is var found ? found.Newest : null,
                found.Refused.Count));
    }

    [Fact]
    public void The_newest_are_kept_by_number_and_not_by_name()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        foreach (var step in (int[])[8, 9, 10, 11])
        {
            store.Save(step, Write(step));
        }

        Assert.Equal(["step-10", "step-11"], Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(11, store.FindNewest().Newest!.Step);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("state.json")]
    [InlineData("manifest.json")]
    public void A_checkpoint_in_which_any_byte_was_altered_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        var path = Path.Combine(store.Save(1, Write(1)), name);
        var bytes = File.ReadAllBytes(path);

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= ' ' ^ '\t';
            File.WriteAllBytes(path, bytes);
            Assert.Throws<CheckpointException>(() => store.Open(1));
            bytes[i] ^= ' ' ^ '\t';
        }

        File.WriteAllBytes(path, bytes);
        Assert.Equal(1, store.Open(1).Step);
    }

    [Fact]
    public void The_one_before_an_altered_checkpoint_is_found_and_the_reason_told()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        store.Save(1, Write(1));
        store.Save(2, Write(2));
        var altered = folder["step-2/model.safetensors"];
        File.WriteAllText(altered, "weights 3");

        var found = store.FindNewest();

        Assert.Equal(1, found.Newest!.Step);
        Assert.Equal(
            [$"{altered}: must have the SHA-256 {Sha("weights 2")}…, has {Sha("weights 3")}…; the file was altered"],
            found.Refused);
    }

    [Fact]
    public void A_run_does_not_begin_anew_when_all_its_checkpoints_are_altered()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        store.Save(1, Write(1));
        store.Save(2, Write(2));
        File.WriteAllText(folder["step-1/model.safetensors"], "");
        File.Delete(folder["step-2/state.json"]);

        Assert.Equal(
            $"{folder.Path}: must hold a checkpoint that is whole, holds none; remove it to begin anew\n"
            + $"{folder["step-2/state.json"]}: must be there, is missing\n"
            + $"{folder["step-1/model.safetensors"]}: must have 9 bytes, has 0",
            Assert.Throws<CheckpointException>(() => store.FindNewest()).Message);
    }

    [Fact]
    public void A_cut_file_and_a_missing_one_are_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        store.Save(1, Write(1));
        var path = folder["step-1/model.safetensors"];

        File.WriteAllText(path, "wei");
        Assert.Equal(
            $"{path}: must have 9 bytes, has 3",
            Assert.Throws<CheckpointException>(() => store.Open(1)).Message);
        File.Delete(path);
        Assert.Equal(
            $"{path}: must be there, is missing",
            Assert.Throws<CheckpointException>(() => store.Open(1)).Message);
    }

    [Fact]
    public void A_checkpoint_under_the_name_of_another_step_is_refused()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        store.Save(1, Write(1));
        Directory.Move(folder["step-1"], folder["step-7"]);

        Assert.Equal(
            $"{folder["step-7"]}: must be a checkpoint of step 7, its manifest is of step 1",
            Assert.Throws<CheckpointException>(() => store.Open(7)).Message);
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_the_checkpoint_before_it_and_no_rest()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 1);
        store.Save(1, Write(1));

        var fault = Assert.Throws<CheckpointException>(() => store.Save(2, partial =>
        {
            Write(2)(partial);
            throw new IOException("No space left on device");
        }));

        Assert.Equal(
            $"{folder["step-2"]}: must be written whole: No space left on device; the checkpoints before it are "
                + "untouched",
            fault.Message);
        Assert.Equal([folder["step-1"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(1, store.FindNewest().Newest!.Step);
    }

    [Theory]
    [InlineData(100_000)] // the weights do not fit
    [InlineData(4096)] // only the weights fit
    public void A_full_disk_leaves_the_checkpoint_before_it_and_no_rest(int weights)
    {
        using var folder = new TemporaryFolder();
        if (!Mount("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.Path))
        {
            Assert.Skip("a small disk cannot be mounted here; it takes root");
        }

        try
        {
            var store = new CheckpointStore(folder["checkpoints"], 1);
            store.Save(1, Write(1));
            Assert.Throws<CheckpointException>(() => store.Save(2, partial =>
            {
                File.WriteAllBytes(partial.PathOf("model.safetensors"), new byte[weights]);
                FillDisk(folder["filler"]);
            }));

            Assert.Equal(
                [Path.Combine(folder["checkpoints"], "step-1")],
                Directory.GetFileSystemEntries(folder["checkpoints"]));
            Assert.Equal(1, store.FindNewest().Newest!.Step);
        }
        finally
        {
            Mount("umount", folder.Path);
        }
    }

    [Fact]
    public void A_refused_checkpoint_is_replaced_when_the_run_comes_to_its_step_again()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        store.Save(1, Write(1));
        File.WriteAllText(folder["step-1/state.json"], "{}");

        store.Save(1, Write(1));

        Assert.Equal(1, store.FindNewest().Newest!.Step);
    }

    [Fact]
    public void A_state_of_another_kind_is_refused()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.Path, 2);
        store.Save(1, partial => partial.WriteState("text"));

        Assert.StartsWith(
            $"{folder["step-1/state.json"]}: must be the state that this run keeps: ",
            Assert.Throws<CheckpointException>(() => store.Open(1).ReadState<State>()).Message,
            StringComparison.Ordinal);
        Assert.Equal(
            $"{folder["step-1"]}: must hold model.safetensors, holds state.json",
            Assert.Throws<CheckpointException>(() => store.Open(1).PathOf("model.safetensors")).Message);
    }

    private static Action<CheckpointFolder> Write(int step) => partial =>
    {
        File.WriteAllText(partial.PathOf("model.safetensors"), $"weights {step}");
        partial.WriteState(new State(step, 0.1));
    };

    private static string Sha(string text) =>
        Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..12];

    private static bool Mount(string command, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void FillDisk(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                file.Write(new byte[1024]);
            }
        }
        catch (IOException)
        {
            // The disk is full, as the test wants it.
        }
    }
}
