using Hone.Data;

namespace Hone.Training.Tests;

/// <summary>Runs that cannot be made, or not go on.</summary>
public sealed class TrainerRefusalTests
{
    [Fact]
    public void A_reward_that_cannot_judge_stops_the_run_in_words()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        File.WriteAllLines(
            folder["rows.jsonl"], ["""{"prompt": "ab", "word": "a"}""", """{"prompt": "c", "word": ""}"""]);

        var fault = Assert.Throws<TrainingException>(() => recorder.Run(Tiny.Grpo(folder)));

        Assert.Equal(
            $"{folder["rows.jsonl"]}:2: each reward must judge each answer or say that it does not apply; "
            + "contains_word: \"word\" must hold a word, is empty",
            fault.Message);
        Assert.Empty(recorder.Steps);
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        File.WriteAllLines(
            folder["rows.jsonl"], ["""{"prompt": "ab"}""", """{"prompt": "abcdefgh abcdefgh abcdefg"}"""]);

        var fault = Assert.Throws<DataException>(() => recorder.Run(Tiny.Grpo(folder)));

        Assert.Equal(
            $"{folder["rows.jsonl"]}:2: the prompt must leave room for grpo.max_new_tokens (8) "
            + "in data.max_length (32), has 25 tokens; raise data.max_length or leave the row out",
            fault.Message);
        Assert.Null(recorder.Start);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Rows_that_train_no_stop_are_refused_before_the_first_step()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        File.WriteAllLines(
            folder["rows.jsonl"],
            ["""{"prompt": "ab", "completion": "cdef"}""", """{"prompt": "", "completion": "abcdef"}"""]);

        // 4 of the 7 tokens are left, the end of text not among them; of the first row the last 2 are trained, of the
        // second the last 3.
        var fault = Assert.Throws<DataException>(() => recorder.Run(Tiny.Sft(folder, "data.max_length=4")));

        Assert.Equal(
            "data: at least one row must train the model to stop, got none (2 rows, 2 examples, 8 tokens, 5 of them "
            + "trained; 2 cut); raise max_length, so that ends are not cut off",
            fault.Message);
        Assert.Null(recorder.Start);
        Assert.False(Directory.Exists(folder["run"]));
    }
}
