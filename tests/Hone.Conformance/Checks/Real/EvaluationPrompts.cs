using Hone.Conformance.Goldens;
using Hone.Data;

namespace Hone.Conformance.Checks.Real;

/// <summary>The prompts of recorded evaluations. A file has the whole of the first one; the others differ from it in
/// their last question alone.</summary>
internal sealed class EvaluationPrompts(GoldenCase golden, IReadOnlyList<Field> records)
{
    /// <summary>The prompt of a record.</summary>
    public string Of(Field record) => record.Value("context")?.Text ?? golden.Kind switch
    {
        "truthfulqa_mc1" => Asked(
            First(), $"Q: {records[0]["question"].Text}\nA:", $"Q: {record["question"].Text}\nA:"),
        "gsm8k_3shot" => Asked(
            First(),
            $"Question: {records[0]["question"].Text}\nAnswer:",
            $"Question: {record["question"].Text}\nAnswer:"),
        "mmlu_5shot" => Asked(
            First(record["subject"].Text),
            Choices(record["subject"].Text, 0),
            Choices(record["subject"].Text, Row(record))),
        _ => Asked(First(), $"Q: {Example(0)}\nA:", $"Q: {Example(Row(record))}\nA:"),
    };

    private static int Row(Field record) => (int)record["row"].Whole;

    private static string Asked(string first, string question, string other) =>
        first.EndsWith(question, StringComparison.Ordinal)
            ? first[..^question.Length] + other
            : throw new GoldenException($"the first context must end with its question \"{question}\"");

    private string First(string? subject = null) => records
        .First(record => record.Value("context") is not null
            && (subject is null || record["subject"].Text == subject))["context"].Text;

    private string Example(int row)
    {
        var task = golden.Kind[4..^"_3shot".Length];                                     // bbh_TASK_3shot
        var file = GoldenFile.Read(golden.Folders.InArea($"data/bbh/{task}.json"));
        return file.Lines[0]["examples"].Items[row]["input"].Text;
    }

    private string Choices(string subject, int row)
    {
        var source = DataSource.Open(new DataSourceOptions
        {
            Path = golden.Folders.InArea($"data/mmlu/test/{subject}_test.csv"),
            Header = false,
        });
        var cells = source.ReadRecords().ElementAt(row).Fields;
        string Cell(int column) => cells.GetProperty($"{column}").GetString()!;
        return Cell(0).Trim() + string.Concat("ABCD".Select((letter, i) => $"\n{letter}. {Cell(i + 1)}")) + "\nAnswer:";
    }
}
