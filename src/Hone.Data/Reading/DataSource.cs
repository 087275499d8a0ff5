using Hone.Data.Hub;

namespace Hone.Data;

/// <summary>A set of files of one kind, read as rows of one shape.</summary>
public sealed class DataSource
{
    private static readonly (string Name, DataFormat Format)[] Suffixes =
    [
        (".jsonl", DataFormat.JsonLines),
        (".ndjson", DataFormat.JsonLines),
        (".json", DataFormat.Json),
        (".csv", DataFormat.Csv),
        (".tsv", DataFormat.Tsv),
        (".txt", DataFormat.Text),
        (".parquet", DataFormat.Parquet),
        (".arrow", DataFormat.Arrow),
        (".arrows", DataFormat.Arrow),
        (".tar", DataFormat.Tar),
    ];

    private readonly DataSourceOptions _options;
    private readonly IReadOnlyList<DataFile> _files;

    private DataSource(DataSourceOptions options, IReadOnlyList<DataFile> files) =>
        (_options, _files) = (options, files);

    /// <summary>The files, in the order they are read.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(file => file.Path)];

    /// <summary>The suffixes that say how a file is to be read.</summary>
    internal static string KnownSuffixes => string.Join(", ", Suffixes.Select(suffix => suffix.Name));

    /// <summary>How a file is read by its suffix alone; <see cref="DataFormat.Auto"/> where that says
    /// nothing.</summary>
    internal static DataFormat FormatOf(string path)
    {
        var given = Path.GetExtension(new DataFile(path).Uncompressed);
        foreach (var (name, format) in Suffixes)
        {
            if (name.Equals(given, StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }

        return DataFormat.Auto;
    }

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
        var isPart = options.Split.Length > 0 || options.Config.Length > 0;
        if (isPart && !Directory.Exists(path))
        {
            throw new DataException(
                new SourceLine(path), "there is no such folder; config and split must go with a folder or a data set "
                    + "of the hub");
        }

        if (!isPattern && !Directory.Exists(path))
        {
            return File.Exists(path) ? [path] : throw new DataException(new SourceLine(path), "there is no such file");
        }

        if (isPart)
        {
            return FindSplit(options);
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
                isPattern ? "no file fits this pattern" : $"the folder has no file that ends in {KnownSuffixes}");
    }

    private static List<string> FindSplit(DataSourceOptions options)
    {
        var saved = Path.Combine(options.Path, options.Split);
        if (options.Split.Length > 0 && File.Exists(Path.Combine(options.Path, "dataset_dict.json")))
        {
            return SavedDataset.TryFind(saved)
                ?? throw new DataException(new SourceLine(saved), "there is no such split in the saved data set");
        }

        var chosen = DatasetFiles.Select(
            RepositoryPath.FilesBelow(options.Path),
            DatasetCard.Read(options.Path),
            options.Config,
            options.Split,
            options.Path);
        return [.. chosen.Files.Select(file => RepositoryPath.Under(options.Path, file))];
    }

    private static DataFormat Format(DataFile file) => FormatOf(file.Path);

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
                $"the suffix must be one of {KnownSuffixes}, perhaps with .gz or .zst, or set format"),
        };
    }

    private byte Separator(char usual) => (byte)(_options.Separator.Length == 0 ? usual : _options.Separator[0]);
}
