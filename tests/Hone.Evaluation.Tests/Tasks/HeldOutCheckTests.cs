using Hone.Data;
using Hone.Evaluation.Tasks;

namespace Hone.Evaluation.Tests.Tasks;

public sealed class HeldOutCheckTests : IDisposable
{
    private static readonly ArithmeticProblem[] HeldOut = [ArithmeticProblem.Of([7, 8, 2], ['+', '-'])];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{"prompt":"7+8-2=","answer":"13"}""", "7+8-2")]
    [InlineData("""{"text":"7+8=15;15-2=13"}""", "7+8=15;15-2=13")]
    [InlineData("""{"text":"7+8-2;7+8=15;15-2=13"}""", "7+8-2")]
    [InlineData("""{"prompt":"1+1+1=","completion":"<think>7+8=15;15-2=13</think>3"}""", "7+8=15;15-2=13")]
    public void A_held_out_problem_in_a_training_file_is_refused_with_its_line(string row, string found)
    {
        File.WriteAllLines(_file, ["""{"text":"1+2=3;3+4=7"}""", row]);

        var error = Assert.Throws<DataException>(() => HeldOutCheck.Require(HeldOut, [_file]));

        Assert.Equal($"{_file}:2: no training stage may see a held-out problem, got {found}", error.Message);
    }

    [Fact]
    public void Other_problems_with_parts_in_common_pass()
    {
        // the same single calculations, another order, more operands: none is the problem itself
        File.WriteAllLines(_file, ["7+8=15", "15-2=13", "8+7-2=", "7+8-2+1=", "17+8-2=", "7+8-21="]);

        HeldOutCheck.Require(HeldOut, [_file]);
    }
}
