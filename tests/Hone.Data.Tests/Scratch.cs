using System.Text;

namespace Hone.Data.Tests;

/// <summary>A folder of its own for the files of one test; gone at its end.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("hone-data-").FullName;

    public static List<Row> Rows(string name, string text, DataSourceOptions? options = null) =>
        Rows(name, Encoding.UTF8.GetBytes(text), options);

    public static List<Row> Rows(string name, byte[] bytes, DataSourceOptions? options = null)
    {
        using var scratch = new Scratch();
        return [.. DataSource.Open((options ?? Options) with { Path = scratch.Write(name, bytes) }).Read()];
    }

    /// <summary>The records of a file as JSON, one each.</summary>
    public static List<string> Records(string name, string text, DataSourceOptions? options = null) =>
        Records(name, Encoding.UTF8.GetBytes(text), options);

    public static List<string> Records(string name, byte[] bytes, DataSourceOptions? options = null)
    {
        using var scratch = new Scratch();
        return [.. DataSource.Open((options ?? Options) with { Path = scratch.Write(
            name, bytes) }).ReadRecords().Select(r => r.Fields.GetRawText())];
    }

    /// <summary>What reading the file is refused with, the folder left out.</summary>
    public static string Error(string name, string text, DataSourceOptions? options = null) =>
        Error(name, Encoding.UTF8.GetBytes(text), options);

    public static string Error(string name, byte[] bytes, DataSourceOptions? options = null)
    {
        using var scratch = new Scratch();
        var source = (options ?? Options) with { Path = scratch.Write(name, bytes) };
        return Assert.Throws<DataException>(() => DataSource.Open(source).Read().Count()).Message.Replace(scratch.Folder
            + "/", "", StringComparison.Ordinal);
    }

    /// <summary>What reading the file's records is refused with, whatever their columns.</summary>
    public static string RecordsError(string name, string text, DataSourceOptions? options = null)
    {
        using var scratch = new Scratch();
        var source = (options ?? Options) with { Path = scratch.Write(name, text) };
        return Assert.Throws<DataException>(() => DataSource.Open(source).ReadRecords().Count()).Message
            .Replace(scratch.Folder + "/", "", StringComparison.Ordinal);
    }

    public static DataSourceOptions Options { get; } = new() { Path = "" };

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
