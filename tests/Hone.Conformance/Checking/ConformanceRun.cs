using System.IO.Enumeration;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checking;

/// <summary>Goes through every index entry of every area and writes what it found.</summary>
public sealed class ConformanceRun(Arguments arguments, CheckList checks, TextWriter output)
{
    private readonly SortedDictionary<string, (int Count, string Why)> _skipped = new(StringComparer.Ordinal);

    /// <summary>Judges everything that the arguments select. Writes a line for each failure and the totals at the
    /// end.</summary>
    public Tally Run()
    {
        var total = default(Tally);
        foreach (var area in Areas())
        {
            _skipped.Clear();
            var tally = RunArea(area);
            foreach (var (kind, (count, why)) in _skipped)
            {
                output.WriteLine($"skipped {area.Name} {kind}: {count} ({why})");
            }

            tally += BelowFloor(area.Name, tally);
            output.WriteLine($"{area.Name}: {tally}");
            total += tally;
        }

        output.WriteLine(total.ToString());
        return total;
    }

    /// <summary>A failure where fewer cases were judged than have been before: a check has gone.</summary>
    private Tally BelowFloor(string area, Tally tally)
    {
        if (arguments.Floors is not { } file
            || arguments.Case is not null
            || GoldenFile.Read(file).Lines[0].Value(area) is not { } floor)
        {
            return default;
        }

        var judged = tally.Passed + tally.Failed;
        return judged < floor.Whole
            ? Failed(
                area, Path.GetFileName(file), "floor", $"expected at least {floor.Whole} judged cases, got {judged}")
            : default;
    }

    private IEnumerable<GoldenArea> Areas() => Directory.EnumerateDirectories(arguments.Goldens)
        .Where(folder => File.Exists(Path.Combine(folder, "index.json")))
        .Select(folder => Path.GetFileName(folder))
        .Where(name => Selects(arguments.Area, name))
        .Order(StringComparer.Ordinal)
        .Select(name => (name, new GoldenFolders(Path.Combine(arguments.Goldens, name), arguments.Fixtures)))
        .Select(area => new GoldenArea(area.name, area.Item2))
        .Concat(RealArea());

    private IEnumerable<GoldenArea> RealArea() =>
        arguments.Real is { } folder && Selects(arguments.Area, GoldenArea.Real)
            ? [GoldenArea.OfReal(new GoldenFolders(folder, arguments.Fixtures))]
            : [];

    private Tally RunArea(GoldenArea area)
    {
        IReadOnlyList<GoldenEntry> entries;
        try
        {
            entries = area.Entries();
        }
        catch (GoldenException error)
        {
            return Failed(area.Name, "index.json", "index", error.Message);
        }

        return entries.Aggregate(default(Tally), (tally, entry) => tally + RunEntry(area, entry));
    }

    private Tally RunEntry(GoldenArea area, GoldenEntry entry)
    {
        // An entry of many lines is resolved when one of its lines, "entry#line", may be asked for.
        var mayHold = arguments.Case?.StartsWith(entry.Name, StringComparison.Ordinal) ?? true;
        if (!mayHold && !Selects(arguments.Case, entry.Name))
        {
            return default;
        }

        try
        {
            return area.Resolve(entry)
                .Where(golden => Selects(arguments.Case, golden.Name) || Selects(arguments.Case, entry.Name))
                .Aggregate(default(Tally), (tally, golden) => tally + Judge(golden));
        }
        catch (GoldenException error)
        {
            return Failed(area.Name, entry.Path, entry.Name, error.Message);
        }
    }

    private Tally Judge(GoldenCase golden)
    {
        var check = checks.For(golden);
        if (check is null)
        {
            return Skipped(golden, "no check for this kind");
        }

        var findings = new Findings();
        try
        {
            if (check.NotOffered(golden) is { } why)
            {
                return Skipped(golden, why);
            }

            check.Run(golden, findings);
        }
        catch (Exception error)
        {
            // Whatever the product or the record does, the other cases are still to be judged.
            findings.Fail(error is GoldenException ? "record" : error.GetType().Name, error.Message);
        }

        if (findings.Failures is [_, ..])
        {
            return Failed(golden.Area, golden.Path, golden.Name, [.. findings.Failures]);
        }

        return findings.Comparisons > 0
            ? new Tally(Passed: 1, Failed: 0, Skipped: 0)
            : Failed(golden.Area, golden.Path, golden.Name, "the check compared nothing");
    }

    private Tally Skipped(GoldenCase golden, string why)
    {
        _skipped[golden.Kind] = (_skipped.GetValueOrDefault(golden.Kind).Count + 1, why);
        if (arguments.NameSkipped)
        {
            output.WriteLine($"skip {golden.Area} {golden.Path} {golden.Name} ({golden.Kind})");
        }

        return new Tally(Passed: 0, Failed: 0, Skipped: 1);
    }

    private Tally Failed(string area, string path, string name, params ReadOnlySpan<string> reasons)
    {
        foreach (var reason in reasons)
        {
            output.WriteLine($"FAIL {area} {path} {name}: {reason}");
        }

        return new Tally(Passed: 0, Failed: 1, Skipped: 0);
    }

    private static bool Selects(string? pattern, string name) =>
        pattern is null || FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
