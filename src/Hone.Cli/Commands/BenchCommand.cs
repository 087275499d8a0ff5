using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Recorded;
using Hone.Benchmarks.Reporting;
using Hone.Benchmarks.Running;
using Hone.Benchmarks.Works;
using Hone.Cli.Benchmarking;
using Hone.Cli.Writing;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary>
/// <c>hone bench [NAME]... [--quick] [--json]</c>, <c>hone bench ls</c>, <c>hone bench table LINES</c>
/// </summary>
internal sealed class BenchCommand(Session session)
{
    private readonly Terminal _terminal = session.Terminal;

    /// <summary>
    /// Measures the works of a round, each in a process of its own, and shows each line as it is there.
    /// </summary>
    /// <exception cref="OptionsException">A name stands for nothing.</exception>
    public ExitCode Run(BenchRound round, bool asJson)
    {
        var processor = ProcessorRecord.Read();
        var works = round.Works(processor);
        var scratch = Path.Combine(round.WorkFolder, "scratch", $"{Environment.ProcessId}");
        var writer = new LineWriter(processor, round.CountsCpuTime ? "cpu" : "wall");
        var runner = new BenchmarkRunner(round.Context(processor, scratch, works), writer, TimeProvider.System);
        if (!asJson)
        {
            _terminal.Output.WriteLine(TextRow.Head);
            _terminal.Output.Flush();
        }

        var isGood = runner.Run(
            works,
            round.Words,
            line =>
            {
                _terminal.Output.WriteLine(asJson ? line.ToString() : TextRow.Of(line));
                _terminal.Output.Flush();
            },
            _terminal.Errors.WriteLine,
            session.Interruption.Watch());
        return isGood ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Does one work in this process, and writes what it measured for the process that asked.</summary>
    public ExitCode RunHere(BenchRound round, string scratch, IReadOnlyList<string> beside)
    {
        ParentWatch.Begin(_terminal.Input);
        var processor = ProcessorRecord.Read();
        var others = beside is [] ? [] : (round with { Names = beside }).Works(processor);
        using var compute = new ComputeThread();
        compute.Run(() =>
        {
            foreach (var found in OneWork.Run(round.Works(processor)[0], round.Context(processor, scratch, others)))
            {
                _terminal.Output.WriteLine(found.ToJson());
                _terminal.Output.Flush();
            }

            return true;
        });
        return ExitCode.Done;
    }

    /// <summary>Lists the works.</summary>
    public ExitCode List(bool asJson)
    {
        var processor = ProcessorRecord.Read();
        var width = Catalogue.All.Max(work => work.Name.Length);
        foreach (var work in Catalogue.All)
        {
            var round = !work.IsUsual(processor) ? "by name" : work.IsQuick ? "quick" : "full";
            if (asJson)
            {
                JsonLine.Write(_terminal.Output, json =>
                {
                    json.WriteString("name", work.Name);
                    json.WriteString("description", work.Description);
                    json.WriteString("round", round);
                });
            }
            else
            {
                _terminal.Output.WriteLine($"{work.Name.PadRight(width)}  {round,-7}  {work.Description}");
            }
        }

        return ExitCode.Done;
    }

    /// <summary>Makes the tables of <c>docs/performance.md</c> of lines that were written before.</summary>
    /// <param name="path">The lines.</param>
    /// <param name="peers">Lines of other programs; null for those that come with Hone.</param>
    /// <param name="document">The document to put the tables into, or null to write them out.</param>
    /// <exception cref="OptionsException">A file cannot be read, or the document has no place for tables.</exception>
    public ExitCode Table(string path, string? peers, string? document)
    {
        var lines = Read(path);
        var rivals = peers is null ? PeerRecord.Shipped() : new PeerRecord(Read(peers));
        var text = new MarkdownReport(rivals).Of(lines);
        if (document is null)
        {
            _terminal.Output.Write(text);
            return ExitCode.Done;
        }

        var beside = $"{document}.{Environment.ProcessId}.tmp";
        File.WriteAllText(beside, DocumentSection.Replace(TextOf(document), document, text));
        File.Move(beside, document, overwrite: true);
        return ExitCode.Done;
    }

    private static List<BenchmarkLine> Read(string path)
    {
        var lines = new List<BenchmarkLine>();
        foreach (var (index, text) in TextOf(path).Split('\n').Index().Where(line => line.Item.Trim().Length > 0))
        {
            try
            {
                lines.Add(BenchmarkLine.Parse(text));
            }
            catch (System.Text.Json.JsonException)
            {
                throw new OptionsException(
                    $"{path}:{index + 1}: must be a line of `hone bench --json`, an object with name, work, impl and "
                        + "variant, is none; look at the file");
            }
        }

        return lines is [_, ..]
            ? lines
            : throw new OptionsException($"{path}: must have lines of `hone bench --json`, has none");
    }

    private static string TextOf(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new OptionsException($"{path}: must be a file, there is none; check the path");
}
