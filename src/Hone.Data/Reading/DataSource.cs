namespace Hone.Data;

/// <summary>A set of files of one kind, read as rows of one shape.</summary>
public sealed class DataSource
{
    private static readonly Dictionary<string, DataFormat> Suffixes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jsonl"] = DataFormat.JsonLines,
        [".ndjson"] = DataFormat.JsonLines,
        [".json"] = DataFormat.Json,
        [".csv"] = DataFormat.Csv,
        [".tsv"] = DataFormat.Tsv,
        [".txt"] = DataFormat.Text,
        [".parquet"] = DataFormat.Parquet,
        [".arrow"] = DataFormat.Arrow,
        [".arrows"] = DataFormat.Arrow,
        [".tar"] = DataFormat.Tar,
    };

    private readonly DataSourceOptions _options;
    private readonly IReadOnlyList<DataFile> _files;

    private DataSource(DataSourceOptions options, IReadOnlyList<DataFile> files) =>
        (_options, _files) = (options, files);

    /// <summary>The files, in the order they are read.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(file => file.Path)];

    /// <summary>Finds the files and settles how each is read. Nothing is read yet.</summary>
    /// <exception cref="DataException">The options contradict themselves, there is no such file, or its format is not
    /// known.</exception>
    public static DataSource Open(DataSourceOptions options)
    {
        if (options.Problems().ToList() is [_, ..] problems)
        {
            throw new DataException($"data: {string.Join("; ", problems)}");
        }

        var source = new DataSource(options, [.. Find(options).Select(path => new DataFile(path))]);
        foreach (var file in source._files)
        {
            source.Reader(file);
        }

        return source;
    }

    /// <summary>Reads the rows as they are asked for, file after file.</summary>
    /// <exception cref="DataException">A file is not what it should be, a row does not fit, or there is no row at
    /// all.</exception>
    public IEnumerable<Row> Read()
    {
        var mapper = new RowMapper(_options);
        return ReadRecords().Select(mapper.Map);
    }

    /// <summary>Reads the rows as their files have them, whatever their columns mean.</summary>
    /// <exception cref="DataException">A file is not what it should be, or there is no row at all.</exception>
    public IEnumerable<DataRecord> ReadRecords()
    {
        var any = false;
        foreach (var file in _files)
        {
            foreach (var record in Reader(file).Read(file))
            {
                any = true;
                yield return record;
            }
        }

        if (!any)
        {
            throw new DataException(new SourceLine(_options.Path), "there are no rows");
        }
    }

    private static List<string> Find(DataSourceOptions options)
    {
        var path = options.Path;
        var name = Path.GetFileName(path);
        var isPattern = name.Contains('*') || name.Contains('?');
        if (!isPattern && !Directory.Exists(path))
        {
            return File.Exists(path) ? [path] : throw new DataException(new SourceLine(path), "there is no such file");
        }

        if (!isPattern && SavedDataset.TryFind(path) is { } saved)
        {
            return saved;
        }

        var folder = isPattern ? Path.GetDirectoryName(path)! : path;
        var found = !Directory.Exists(folder.Length == 0 ? "." : folder)
            ? []
            : Directory.GetFiles(folder.Length == 0 ? "." : folder, isPattern ? name : "*")
                .Select(file => Path.Combine(folder, Path.GetFileName(file)))
                .Where(file => isPattern || Format(new DataFile(file)) != DataFormat.Auto)
                .Order(StringComparer.Ordinal)
                .ToList();
        return found is [_, ..]
            ? found
            : throw new DataException(
                new SourceLine(path),
                isPattern ? "no file fits this pattern" : $"the folder has no file that ends in {Known}");
    }

    private static string Known => string.Join(", ", Suffixes.Keys);

    private static DataFormat Format(DataFile file) => Suffixes.GetValueOrDefault(Path.GetExtension(file.Uncompressed));

    private IRecordReader Reader(DataFile file)
    {
        var format = _options.Format == DataFormat.Auto ? Format(file) : _options.Format;
        return format switch
        {
            DataFormat.JsonLines => new JsonLinesReader(),
            DataFormat.Json => new JsonReader(_options.Field),
            DataFormat.Csv => new DelimitedReader(Separator(','), _options.Header, _options.Quotes),
            DataFormat.Tsv => new DelimitedReader(Separator('\t'), _options.Header, _options.Quotes),
            DataFormat.Text => new PlainTextReader(_options.Unit, _options.Delimiter, _options.JoinLines),
            DataFormat.Parquet => new ParquetReader(),
            DataFormat.Arrow => new ArrowReader(),
            DataFormat.Tar => new TarShardReader(),
            _ => throw new DataException(
                new SourceLine(file.Path),
                $"the suffix must be one of {Known}, perhaps with .gz or .zst, or set format"),
        };
    }

    private byte Separator(char usual) => (byte)(_options.Separator.Length == 0 ? usual : _options.Separator[0]);
}
