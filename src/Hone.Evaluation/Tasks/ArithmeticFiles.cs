using System.Text.Encodings.Web;
using System.Text.Json;
using Hone.Data;

namespace Hone.Evaluation.Tasks;

/// <summary>The files of an <see cref="ArithmeticTask"/>: a tokenizer, and rows for each stage.</summary>
/// <param name="folder">Where they are.</param>
public sealed class ArithmeticFiles(string folder)
{
    private const string Characters = "0123456789+-=;";

    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The folder of the tokenizer.</summary>
    public string Tokenizer => Path.Combine(folder, "tokenizer");

    /// <summary>Raw text: rows with <c>text</c>.</summary>
    public string Pretraining => Path.Combine(folder, "pretraining.jsonl");

    /// <summary>Worked problems: rows with <c>prompt</c> and <c>completion</c>.</summary>
    public string Traces => Path.Combine(folder, "traces.jsonl");

    /// <summary>Problems to practise on: rows with <c>prompt</c> and <c>answer</c>.</summary>
    public string Practice => Path.Combine(folder, "practice.jsonl");

    /// <summary>Problems of the examination: rows with <c>prompt</c> and <c>answer</c>.</summary>
    public string HeldOut => Path.Combine(folder, "held-out.jsonl");

    /// <summary>
    /// The same problems worked out, to measure the loss on: rows with <c>prompt</c> and <c>completion</c>.
    /// </summary>
    public string HeldOutTraces => Path.Combine(folder, "held-out-traces.jsonl");

    /// <summary>Every file that a training stage may read.</summary>
    public IReadOnlyList<string> Training => [Pretraining, Traces, Practice];

    /// <summary>Writes all of them and makes sure that the training files hold no problem of the examination.</summary>
    /// <param name="task">Draws the problems.</param>
    /// <param name="sizes">How many rows each file gets.</param>
    /// <returns>The problems of the examination.</returns>
    /// <exception cref="DataException">There are not enough different problems, or the parts are not
    /// disjoint.</exception>
    public IReadOnlyList<ArithmeticProblem> Write(ArithmeticTask task, ArithmeticSizes sizes)
    {
        Directory.CreateDirectory(folder);
        CharacterTokenizer.Write(Tokenizer, Characters, "<think>", "</think>");
        var heldOut = task.Draw(ArithmeticPart.HeldOut, sizes.HeldOut);
        WriteRows(Pretraining, task.Draw(ArithmeticPart.Calculations, sizes.Pretraining).Select(
            problem => new { text = problem.Calculation }));
        WriteRows(Traces, task.Draw(ArithmeticPart.Traces, sizes.Traces).Select(PromptAndTrace));
        WriteRows(Practice, task.Draw(ArithmeticPart.Practice, sizes.Practice).Select(PromptAndAnswer));
        WriteRows(HeldOut, heldOut.Select(PromptAndAnswer));
        WriteRows(HeldOutTraces, heldOut.Select(PromptAndTrace));
        HeldOutCheck.Require(heldOut, Training);
        return heldOut;
    }

    private static object PromptAndAnswer(ArithmeticProblem problem) =>
        new { prompt = problem.Prompt, answer = problem.Answer };

    private static object PromptAndTrace(ArithmeticProblem problem) =>
        new { prompt = problem.Prompt, completion = problem.Trace };

    private static void WriteRows(string path, IEnumerable<object> rows) =>
        File.WriteAllLines(path, rows.Select(row => JsonSerializer.Serialize(row, Plain)));
}
