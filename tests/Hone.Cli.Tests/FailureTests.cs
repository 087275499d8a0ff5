using Hone.Data;
using Hone.Models;
using Hone.Text;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Tests;

public sealed class FailureTests
{
    public static TheoryData<Exception, int, string> Failures() => new()
    {
        { new OptionsException("run.yaml:3:8: steps: must be in [1, ∞), got 0"), 2, "run.yaml:3:8: steps: must be in "
            + "[1, ∞), got 0\n" },
        { new DataException(new SourceLine("train.jsonl", 17), "\"text\" is missing"), 2, "train.jsonl:17: \"text\" "
            + "is missing\n" },
        { new CheckpointException("m: must be a model folder"), 2, "m: must be a model folder\n" },
        { new TokenizerException("t.json", "must be JSON"), 2, "t.json: must be JSON\n" },
        { new TorchException("libhone_native.so: must load"), 1, "libhone_native.so: must load\n" },
        { new TorchException("HONE_ISA: must run here"), 2, "HONE_ISA: must run here\n" },
        { new TrainingException("step 3: the gradient must be finite"), 1, "step 3: the gradient must be finite\n" },
        { new IOException("No space left on device"), 1, "hone: No space left on device\n" },
        { new IOException("Broken pipe", 32), 1, "" },
        { new OperationCanceledException(), 130, "interrupted\n" },
        {
            new InvalidOperationException("two\nlines."), 1,
            "hone: InvalidOperationException: two lines. This is a fault of hone; HONE_TRACE=1 shows where it is\n"
        },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Each_failure_has_its_exit_code_and_its_words(Exception error, int code, string words)
    {
        var errors = new StringWriter { NewLine = "\n" };

        Failure.Tell(error, errors, trace: false);

        Assert.Equal((code, words), ((int)Failure.CodeOf(error), errors.ToString()));
    }

    [Fact]
    public void All_problems_of_a_recipe_are_told_one_a_line()
    {
        var errors = new StringWriter { NewLine = "\n" };
        var place = new RecipePlace("run.yaml", 2, 1);

        Failure.Tell(
            new OptionsException(
                [new(place, "steps", "must be a whole number, got x"), new(place, "seed", "must be given")]),
            errors,
            trace: false);

        Assert.Equal(
            "run.yaml:2:1: steps: must be a whole number, got x\nrun.yaml:2:1: seed: must be given\n",
            errors.ToString());
    }

    [Fact]
    public void The_place_in_the_code_comes_only_when_asked_for()
    {
        var errors = new StringWriter { NewLine = "\n" };

        Failure.Tell(new DataException("no rows"), errors, trace: true);

        Assert.Equal("no rows\nHone.Data.DataException: no rows\n", errors.ToString());
    }
}
